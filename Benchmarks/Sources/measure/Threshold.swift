import Foundation

/// The limits of one row; what is not named is only shown.
struct Threshold: Codable {
  /// The largest ratio of time.
  let time: Double?
  /// The most requests for each operation.
  let requests: Double?

  /// All rows' limits, by name.
  static func read(_ path: String) throws -> [String: Threshold] {
    try JSONDecoder().decode([String: Threshold].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// What `measurement` exceeds, in words.
  func complaints(_ measurement: Measurement) -> [String] {
    var complaints: [String] = []
    if let time, measurement.timeRatio > time {
      complaints.append(
        "\(measurement.name): \(decimal(measurement.timeRatio)) times the baseline's time, limit \(decimal(time))"
      )
    }
    if let requests, measurement.requests > requests + 0.05 {
      complaints.append(
        "\(measurement.name): \(decimal(measurement.requests)) requests each, limit \(decimal(requests))")
    }
    return complaints
  }
}

/// Two digits behind the point.
func decimal(_ value: Double) -> String {
  String(format: "%.2f", value)
}
