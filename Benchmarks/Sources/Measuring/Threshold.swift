import Foundation

/// The limits of one row, by the name of the figure; a figure that is not named is only shown.
public struct Threshold: Codable, Sendable {
  /// What a figure may be at most.
  public let most: [String: Double]?
  /// What a figure must be at least.
  public let least: [String: Double]?

  /// All rows' limits, by name.
  public static func read(_ path: String) throws -> [String: Threshold] {
    try JSONDecoder().decode([String: Threshold].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// What an outcome exceeds, in words.
  ///
  /// A figure that is limited and was not taken is no complaint: a run may leave out what takes long.
  public func complaints(_ outcome: Outcome) -> [String] {
    let figures = outcome.figures
    var complaints: [String] = []
    for (name, limit) in (most ?? [:]).sorted(by: { $0.key < $1.key }) {
      if let figure = figures[name], figure > limit + Self.slack(name) {
        complaints.append("\(outcome.name): \(name) \(decimal(figure)), at most \(decimal(limit))")
      }
    }
    for (name, limit) in (least ?? [:]).sorted(by: { $0.key < $1.key }) {
      if let figure = figures[name], figure < limit {
        complaints.append("\(outcome.name): \(name) \(decimal(figure)), at least \(decimal(limit))")
      }
    }
    return complaints
  }

  /// A few requests are nobody's: forgets, and the interrupt of a read that waited.
  private static func slack(_ name: String) -> Double { name == "requests" ? 0.05 : 0 }
}
