//! The colours, seen by those who see fewer of them and in print without colour.

use zorgkaart::care::gap::picture::PALETTE;

/// Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15 (6),
/// 2009, table of severity 1.0; for linear RGB.
const SEEN: [(&str, [[f64; 3]; 3]); 4] = [
    ("everything", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protanopia",
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
    ),
    (
        "deuteranopia",
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    ),
    (
        "tritanopia",
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ),
];

fn linear(colour: &str) -> [f64; 3] {
    let byte = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
    [byte(1), byte(3), byte(5)].map(
        |part| {
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        },
    )
}

fn times(matrix: [[f64; 3]; 3], colour: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(colour).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0))
}

/// CIE 1976 L*a*b* of linear sRGB, D65.
fn lab(colour: [f64; 3]) -> [f64; 3] {
    let xyz = times(
        [
            [0.412_456_4 / 0.950_47, 0.357_576_1 / 0.950_47, 0.180_437_5 / 0.950_47],
            [0.212_672_9, 0.715_152_2, 0.072_175_0],
            [0.019_333_9 / 1.088_83, 0.119_192_0 / 1.088_83, 0.950_304_1 / 1.088_83],
        ],
        colour,
    );
    let [x, y, z] =
        xyz.map(|part| if part > 216.0 / 24_389.0 { part.cbrt() } else { (24_389.0 / 27.0 * part + 16.0) / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[test]
fn each_class_is_darker_than_the_one_before() {
    let light: Vec<f64> = PALETTE.iter().map(|colour| lab(linear(colour))[0]).collect();
    for pair in light.windows(2) {
        // Ten steps of lightness are told apart in print.
        assert!(pair[0] - pair[1] > 10.0, "{light:?}");
    }
}

#[test]
fn whoever_sees_fewer_colours_tells_the_classes_apart() {
    for (who, matrix) in SEEN {
        let seen: Vec<[f64; 3]> = PALETTE.iter().map(|colour| lab(times(matrix, linear(colour)))).collect();
        for a in 0..seen.len() {
            for b in 0..a {
                let away = (0..3).map(|part| (seen[a][part] - seen[b][part]).powi(2)).sum::<f64>().sqrt();
                // A just noticeable difference is about 2.3.
                assert!(away > 14.0, "{who}: {} and {} are {away:.1} apart", PALETTE[a], PALETTE[b]);
            }
            if a > 0 {
                assert!(seen[a][0] < seen[a - 1][0], "{who}: {} is no darker than {}", PALETTE[a], PALETTE[a - 1]);
            }
        }
    }
}

#[test]
fn the_check_knows_red_and_green() {
    // A palette that is known to fail does.
    let (_, deuteranopia) = SEEN[2];
    let [red, green] = ["#d7191c", "#7a7a00"].map(|colour| lab(times(deuteranopia, linear(colour))));
    assert!(((red[1] - green[1]).powi(2) + (red[2] - green[2]).powi(2)).sqrt() < 25.0, "{red:?} {green:?}");
}
