//! GS1 Digital Links without the signed part: what the registry knows of a product or lot. They prove nothing, and say so.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::http::header::HeaderMap;
use axum::response::Response;
use label::percent::{self, Place};
use statement::{Gtin, Lot};

use super::attestations::FoundBody;
use super::label_url::form;
use crate::app::App;
use crate::http::negotiation::Form;
use crate::http::response::{self, LINKSET, NO_STORE, With};
use crate::linkset;
use crate::page::{self, Frame};
use crate::problem::{Problem, ProblemBody};

macro_rules! product_route {
    ($(#[$doc:meta])+ $name:ident, $path:literal, $(($parameter:literal, $description:literal)),+) => {
        $(#[$doc])+
        #[utoipa::path(get, path = $path, tag = "product",
            params($(($parameter = String, Path, description = $description),)+
                ("linkType" = Option<String>, Query, description = "`linkset` for an RFC 9264 link set"),
                ("lang" = Option<String>, Query, description = "Language of the page, instead of `Accept-Language`")),
            responses(
                (status = 200, description = "What the log says of it", content(
                    (str = "text/html"),
                    (ref("#/components/schemas/Found") = "application/json"),
                    (ref("#/components/schemas/Linkset") = "application/linkset+json"),
                )),
                (status = 400, description = "No such GTIN or lot", body = ProblemBody, content_type = "application/problem+json"),
                (status = 406, description = "None of these", body = ProblemBody, content_type = "application/problem+json"),
            ))]
        pub(crate) async fn $name(app: State<Arc<App>>, headers: HeaderMap, uri: Uri) -> Result<Response, Problem> {
            answer(app, headers, uri).await
        }
    };
}

product_route!(
    /// A product.
    product, "/01/{gtin}", ("gtin", "GTIN-14")
);
product_route!(
    /// A lot of a product.
    lot, "/01/{gtin}/10/{lot}", ("gtin", "GTIN-14"), ("lot", "Lot")
);
product_route!(
    /// One piece of a product, which only a label tells from others.
    piece, "/01/{gtin}/21/{serial}", ("gtin", "GTIN-14"), ("serial", "Serial")
);
product_route!(
    /// One piece of a lot, which only a label tells from others.
    piece_of_lot, "/01/{gtin}/10/{lot}/21/{serial}", ("gtin", "GTIN-14"), ("lot", "Lot"), ("serial", "Serial")
);
product_route!(
    /// A lot of a product without a GTIN.
    lot_without_gtin, "/10/{lot}", ("lot", "Lot")
);

/// A product or lot, as a path names it.
struct Named {
    gtin: Option<Gtin>,
    lot: Option<Lot>,
}

async fn answer(State(app): State<Arc<App>>, headers: HeaderMap, uri: Uri) -> Result<Response, Problem> {
    let form = form(&headers, &uri)?;
    let named = named(uri.path())?;
    let found = match &named {
        Named { gtin, lot: Some(lot) } => app.attestations_of_lot(gtin.as_ref(), lot).await?,
        Named { gtin: Some(gtin), lot: None } => app.attestations_of_product(gtin).await?,
        Named { gtin: None, lot: None } => return Err(Problem::not_found()),
    };
    let answer = match form {
        Form::Html => return Ok(page::product(&Frame::of(&headers, &uri), &named.to_string(), &found)),
        Form::Json => response::json(&FoundBody::new(&found))?,
        Form::Linkset => {
            let linkset = linkset::of_product(&app.origin, uri.path(), &named.to_string(), &found);
            response::bytes(LINKSET, NO_STORE, response::json_bytes(&linkset)?).for_any_site()
        }
    };
    Ok(answer.varies_by_accept())
}

/// Reads the values from the path as it was sent.
fn named(path: &str) -> Result<Named, Problem> {
    let mut named = Named { gtin: None, lot: None };
    let mut segments = path.split('/').skip(1);
    while let (Some(identifier), Some(value)) = (segments.next(), segments.next()) {
        let value =
            || percent::decode(value, Place::Path).ok().and_then(|bytes| String::from_utf8(bytes.into_owned()).ok());
        match identifier {
            "01" => named.gtin = Some(Gtin::parse(&value().unwrap_or_default()).map_err(Problem::bad_gtin)?),
            "10" => named.lot = Some(Lot::parse(&value().unwrap_or_default()).map_err(Problem::bad_lot)?),
            // A serial without a signature tells nothing apart; still, it has to be one.
            _ => drop(value().ok_or_else(Problem::not_found)?),
        }
    }
    Ok(named)
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.gtin, &self.lot) {
            (Some(gtin), Some(lot)) => write!(f, "GTIN {gtin}, lot {lot}"),
            (Some(gtin), None) => write!(f, "GTIN {gtin}"),
            (None, Some(lot)) => write!(f, "Lot {lot}"),
            (None, None) => Ok(()),
        }
    }
}
