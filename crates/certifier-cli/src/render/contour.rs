//! The dark areas of a code as outlines: one path without seams, which viewers would show as hairlines between rectangles.

/// Corners of a closed outline on the grid between modules; each differs from the next in one coordinate.
pub(super) type Contour = Vec<(u16, u16)>;

/// Directions along the grid, clockwise.
const EAST: u8 = 0;
const SOUTH: u8 = 1;
const WEST: u8 = 2;
const NORTH: u8 = 3;

/// Follows the edges between dark and light modules with the dark ones on the right hand.
pub(super) fn trace(side: usize, modules: &[bool]) -> Vec<Contour> {
    let corners = side + 1;
    // For each corner of the grid, the directions in which an edge leaves it, one bit each.
    let mut edges = vec![0_u8; corners * corners];
    let is_dark = |x: Option<usize>, y: Option<usize>| match (x.filter(|x| *x < side), y.filter(|y| *y < side)) {
        (Some(x), Some(y)) => modules.get(y * side + x).copied().unwrap_or_default(),
        _ => false,
    };
    for y in 0..side {
        for x in (0..side).filter(|x| is_dark(Some(*x), Some(y))) {
            let neighbours = [
                (is_dark(Some(x), y.checked_sub(1)), x, y, EAST),
                (is_dark(Some(x + 1), Some(y)), x + 1, y, SOUTH),
                (is_dark(Some(x), Some(y + 1)), x + 1, y + 1, WEST),
                (is_dark(x.checked_sub(1), Some(y)), x, y + 1, NORTH),
            ];
            for (_, x, y, direction) in neighbours.into_iter().filter(|(dark, ..)| !dark) {
                if let Some(leaving) = edges.get_mut(y * corners + x) {
                    *leaving |= 1 << direction;
                }
            }
        }
    }
    let mut contours = Vec::new();
    for start in 0..edges.len() {
        while let Some(contour) = follow(&mut edges, corners, start) {
            contours.push(contour);
        }
    }
    contours
}

/// Takes one outline away from the edges; `None` where none begins here.
fn follow(edges: &mut [u8], corners: usize, start: usize) -> Option<Contour> {
    let mut contour = Contour::new();
    let (mut at, mut heading) = (start, None);
    loop {
        let leaving = edges.get_mut(at)?;
        // Where two dark modules touch at a corner, turning right keeps them apart.
        let wanted =
            heading.map_or([EAST, SOUTH, WEST, NORTH], |heading: u8| [1, 0, 3, 2].map(|turn| (heading + turn) % 4));
        let direction = wanted.into_iter().find(|direction| *leaving & (1 << direction) != 0)?;
        *leaving &= !(1 << direction);
        if heading != Some(direction) {
            contour.push((u16::try_from(at % corners).ok()?, u16::try_from(at / corners).ok()?));
        }
        heading = Some(direction);
        at = match direction {
            EAST => at + 1,
            SOUTH => at + corners,
            WEST => at.checked_sub(1)?,
            _ => at.checked_sub(corners)?,
        };
        if at == start {
            return Some(contour);
        }
    }
}

/// Fills outlines by the even-odd rule: for each module of a square, whether it is dark. `None` where an outline leaves the square
/// or is no outline of modules.
pub(super) fn fill(side: usize, contours: &[Contour]) -> Option<Vec<bool>> {
    // Each vertical edge turns what is right of it.
    let mut turns = vec![false; side * (side + 1)];
    for contour in contours {
        let next = contour.iter().cycle().skip(1);
        for ((x, y), (to_x, to_y)) in contour.iter().zip(next) {
            if (x == to_x) == (y == to_y) {
                return None;
            }
            for row in *y.min(to_y)..*y.max(to_y) {
                let column = usize::from(*x);
                let turn = turns.get_mut(usize::from(row) * (side + 1) + column).filter(|_| column <= side)?;
                *turn = !*turn;
            }
        }
    }
    let mut modules = Vec::with_capacity(side * side);
    for row in turns.chunks(side + 1) {
        let mut dark = false;
        for turn in row.iter().take(side) {
            dark ^= turn;
            modules.push(dark);
        }
    }
    Some(modules)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_ring_has_two_outlines_and_touching_corners_stay_apart() {
        let ring = [true, true, true, true, false, true, true, true, true];
        assert_eq!(trace(3, &ring), [vec![(0, 0), (3, 0), (3, 3), (0, 3)], vec![(1, 1), (1, 2), (2, 2), (2, 1)]]);
        let touching = [true, false, false, true];
        assert_eq!(trace(2, &touching), [vec![(0, 0), (1, 0), (1, 1), (0, 1)], vec![(1, 1), (2, 1), (2, 2), (1, 2)]]);
        assert!(trace(2, &[false; 4]).is_empty());
    }

    #[test]
    fn what_is_no_outline_of_the_square_is_not_filled() {
        for contour in
            [vec![(0, 0), (1, 1)], vec![(0, 0), (9, 0), (9, 1), (0, 1)], vec![(0, 0), (1, 0), (1, 9), (0, 9)]]
        {
            assert_eq!(fill(3, &[contour]), None);
        }
        assert_eq!(fill(1, &[]), Some(vec![false]));
    }

    proptest! {
        #[test]
        fn outlines_filled_are_the_modules_again((side, modules) in (1..30_usize)
            .prop_flat_map(|side| (Just(side), proptest::collection::vec(any::<bool>(), side * side))))
        {
            let contours = trace(side, &modules);
            prop_assert_eq!(fill(side, &contours), Some(modules));
            for contour in contours {
                let next = contour.iter().cycle().skip(1);
                prop_assert!(contour.iter().zip(next).all(|(a, b)| (a.0 == b.0) != (a.1 == b.1)), "no corner is straight");
            }
        }
    }
}
