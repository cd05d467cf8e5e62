//! The instruments of the second fixture and who answers them.
//!
//! Promises: every score lies on the instrument's scale; means of items have all the digits of a double. It must not
//! know cut-offs.

/// How scores of an instrument are made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) code: &'static str,
    lowest: u32,
    /// Steps from the lowest to the highest score.
    steps: u32,
    /// Steps to a point.
    items: u32,
    better: Better,
}

#[derive(Debug, Clone, Copy)]
enum Better {
    Low,
    High,
}

impl Scale {
    const fn sum(code: &'static str, lowest: u32, highest: u32) -> Self {
        Self { code, lowest, steps: highest - lowest, items: 1, better: Better::Low }
    }

    const fn higher_is_better(self) -> Self {
        Self { better: Better::High, ..self }
    }

    /// The score of a burden in thousandths of the heaviest.
    pub(crate) fn score(&self, burden: i32) -> f64 {
        let burden = burden.clamp(0, 1000).unsigned_abs();
        let step = (self.steps * burden + 500) / 1000;
        let step = match self.better {
            Better::Low => step,
            Better::High => self.steps - step,
        };
        f64::from(self.lowest * self.items + step) / f64::from(self.items)
    }
}

const PHQ_9: Scale = Scale::sum("PHQ-9", 0, 27);
const GAD_7: Scale = Scale::sum("GAD-7", 0, 21);
const PSWQ: Scale = Scale::sum("PSWQ", 16, 80);
const LSAS_SR: Scale = Scale::sum("LSAS-SR", 0, 144);
const PSS_10: Scale = Scale::sum("PSS-10", 0, 40);
const KEDS: Scale = Scale::sum("KEDS", 0, 54);
const WHO_5: Scale = Scale::sum("WHO-5", 0, 25).higher_is_better();
const EQ_VAS: Scale = Scale::sum("EQ-VAS", 0, 100).higher_is_better();
const EDE_Q: Scale = Scale { code: "EDE-Q", lowest: 0, steps: 168, items: 28, better: Better::Low };

/// A programme's instruments with the per cent of treatments that answer them.
type Programme = (&'static str, &'static [(Scale, u32)]);

/// Programme codes with their instruments.
pub(crate) const PROGRAMMES: [Programme; 4] = [
    ("depressionshjalpen", &[(PHQ_9, 100), (GAD_7, 50), (EDE_Q, 40), (WHO_5, 25)]),
    ("oro-och-angest", &[(PHQ_9, 95), (PSWQ, 70), (GAD_7, 50), (EQ_VAS, 15)]),
    ("angesthjalpen", &[(LSAS_SR, 100), (WHO_5, 50)]),
    ("stresshjalpen", &[(EQ_VAS, 80), (PSS_10, 80), (KEDS, 60)]),
];
