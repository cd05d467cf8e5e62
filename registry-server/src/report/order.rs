//! The order of a report's rows.
//!
//! Promises: by the grouping columns, each as [`Figure::rank`] has it; rows that are equal in those stay as they came.

use foldhash::HashMap;

use super::figure::Figure;

/// Rows in the order of their grouping columns. Every text is compared with others once, however many rows it stands in.
pub(super) fn ordered(mut rows: Vec<Vec<Figure>>, keys: usize) -> Vec<Vec<Figure>> {
    if keys == 0 {
        return rows;
    }
    let mut ranks = vec![0_u32; rows.len() * keys];
    for place in 0..keys {
        let column: Vec<&Figure> = rows.iter().map(|row| &row[place]).collect();
        for (number, rank) in ranked(&column).into_iter().enumerate() {
            ranks[number * keys + place] = rank;
        }
    }
    let of = |number: &usize| &ranks[number * keys..(number + 1) * keys];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|one, other| of(one).cmp(of(other)));
    order.into_iter().map(|number| std::mem::take(&mut rows[number])).collect()
}

/// The place of each figure of a column among those that differ.
fn ranked<'r>(column: &[&'r Figure]) -> Vec<u32> {
    let mut numbers: HashMap<Option<*const u8>, usize> = HashMap::default();
    let mut distinct: Vec<&'r Figure> = Vec::new();
    let number = |figure: &'r Figure| {
        // Equal texts are mostly one, and known by where they lie; those that are not get one rank below.
        let text = if let Figure::Text(text) = figure { Some(text.as_ptr()) } else { None };
        *numbers.entry(text).or_insert_with(|| {
            distinct.push(figure);
            distinct.len() - 1
        })
    };
    let number_of: Vec<usize> = column.iter().copied().map(number).collect();
    let mut sorted: Vec<usize> = (0..distinct.len()).collect();
    sorted.sort_by(|one, other| distinct[*one].rank().cmp(&distinct[*other].rank()));
    let (mut ranks, mut rank) = (vec![0; distinct.len()], 0);
    for equal in sorted.chunk_by(|one, other| distinct[*one].rank() == distinct[*other].rank()) {
        for number in equal {
            ranks[*number] = rank;
        }
        rank += 1;
    }
    number_of.into_iter().map(|number| ranks[number]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_their_labels_wherever_these_lie_and_equals_stay_as_they_came() {
        let labels = ["ALL", "12", "01", "unknown", "Ö", "01", "ALL", "12"];
        let figure = |place: usize| {
            let code = labels[place * 5 % labels.len()];
            if place % 7 == 3 { Figure::Undefined } else { Figure::text(code) }
        };
        let rows: Vec<Vec<Figure>> = (0..200_u32)
            .map(|number| {
                let place = number as usize;
                vec![figure(place * place), figure(place / 3), Figure::Count(number.into())]
            })
            .collect();
        let mut expected = rows.clone();
        expected.sort_by(|a, b| a[..2].iter().map(Figure::rank).cmp(b[..2].iter().map(Figure::rank)));
        assert_eq!(ordered(rows.clone(), 2), expected);
        assert_eq!(ordered(rows.clone(), 0), rows);
    }
}
