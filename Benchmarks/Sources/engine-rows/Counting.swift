import Baselines
import Foundation
import Measuring

/// Counting instructions with `valgrind --tool=callgrind --toggle-collect=counted --dump-after=counted`.
///
/// Under callgrind each row's body is done once inside of `counted`, after one go that is not counted, and callgrind writes
/// a file for each. The program prints the rows' names and operations in the same order.
enum Counting {
  /// How much smaller than when time is taken the largest states are: under callgrind everything takes 50 times as long.
  static let scale = 20

  /// Does a row once.
  static func run(_ row: Row) throws {
    let contest = try row.contest(scale)
    try contest.ours.prepare()
    try contest.ours.body()
    try contest.ours.prepare()
    let call = Call(contest.ours.body)
    counted(
      { context in
        guard let context else { return }
        Unmanaged<Call>.fromOpaque(context).takeUnretainedValue().run()
      }, Unmanaged.passUnretained(call).toOpaque())
    if let error = call.error { throw error }
    say("\(contest.operations)\t\(row.name)")
  }

  /// The instructions an operation by row: `directory` has the program's output and callgrind's files.
  static func read(_ directory: String) throws -> [String: Double] {
    let listing = try String(contentsOfFile: directory + "/rows", encoding: .utf8)
    var found: [String: Double] = [:]
    for (index, line) in listing.split(separator: "\n").enumerated() {
      let fields = line.split(separator: "\t")
      guard fields.count == 2, let operations = Double(fields[0]) else {
        throw Failure("the list of counted rows has a line '\(line)'")
      }
      let profile = try String(contentsOfFile: directory + "/callgrind.\(index + 1)", encoding: .utf8)
      guard
        let total = profile.split(separator: "\n").last(where: { $0.hasPrefix("totals:") })?
          .split(separator: " ").last.flatMap({ Double($0) })
      else { throw Failure("callgrind's file \(index + 1) has no totals") }
      found[String(fields[1])] = total / operations
    }
    return found
  }

  private final class Call {
    private let body: () throws -> Void
    private(set) var error: (any Error)?

    init(_ body: @escaping () throws -> Void) { self.body = body }

    func run() {
      do { try body() } catch { self.error = error }
    }
  }
}
