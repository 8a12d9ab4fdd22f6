/// What one row showed.
public struct Outcome: Codable, Sendable {
  /// What the table and thresholds.json call the row.
  public let name: String
  /// What it is compared with; nil if it stands for itself.
  public let baseline: String?
  /// What `baselineValue` and `value` count: `ns` or `ops/s`.
  public let unit: String
  /// The baseline's median.
  public let baselineValue: Double?
  /// Our median.
  public let value: Double
  /// The median of the repetitions' own ratios of time: ours to the baseline's.
  public let ratio: Double?
  /// What else was counted, by name: `requests`, `instructions`.
  public var counts: [String: Double]

  /// An outcome; the figures are medians.
  public init(
    name: String, baseline: String?, unit: String, baselineValue: Double?, value: Double, ratio: Double?,
    counts: [String: Double] = [:]
  ) {
    self.name = name
    self.baseline = baseline
    self.unit = unit
    self.baselineValue = baselineValue
    self.value = value
    self.ratio = ratio
    self.counts = counts
  }

  /// Every figure that thresholds.json may limit, by the name it has there.
  public var figures: [String: Double] {
    var figures = counts
    figures["ratio"] = ratio
    figures[unit] = value
    return figures
  }
}

extension [Double] {
  /// The middle one, or the mean of the two in the middle; zero of none.
  public var median: Double {
    guard !isEmpty else { return 0 }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
