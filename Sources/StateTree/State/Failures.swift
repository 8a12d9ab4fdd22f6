internal import VCM

/// The last failure of each user, and the last about each object.
struct Failures {
  /// How many users are remembered.
  ///
  /// Beyond that the failures of all are forgotten.
  static let mostUsers = 1024

  private var byUser: [UInt32: VCMError] = [:]
  private var byObject: [UInt64: VCMError] = [:]

  /// Remembers a failure of a user about objects.
  mutating func note(_ error: VCMError, by caller: Caller, about objects: [UInt64]) {
    if byUser.count >= Self.mostUsers { byUser = [:] }
    byUser[caller.userID] = error
    for object in objects where object != 0 { byObject[object] = error }
  }

  /// Forgets an object that is gone.
  mutating func forget(_ object: UInt64) {
    if !byObject.isEmpty { byObject[object] = nil }
  }

  /// The last failure of a user: a line, or nothing.
  func text(by caller: Caller) -> String { Self.line(byUser[caller.userID]) }

  /// The last failure about an object: a line, or nothing.
  func text(about object: UInt64) -> String { Self.line(byObject[object]) }

  private static func line(_ error: VCMError?) -> String { error.map { "\($0.description)\n" } ?? "" }
}
