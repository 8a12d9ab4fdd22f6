/// How long the kernel may use what it was told without asking again.
public struct CacheTimeout: Hashable, Sendable {
  /// The time in seconds, not negative; fractions count.
  public let seconds: Double

  /// A time of `seconds`; negative values and NaN are zero, and more than `forever` is `forever`.
  public init(seconds: Double) {
    self.seconds = seconds > 0 ? min(seconds, 1e9) : 0
  }

  /// Ask each time.
  public static var zero: CacheTimeout { CacheTimeout(seconds: 0) }
  /// Until it is invalidated (31 years).
  public static var forever: CacheTimeout { CacheTimeout(seconds: 1e9) }

  /// The whole seconds and the nanoseconds beyond, as the wire has them.
  var parts: (seconds: UInt64, nanoseconds: UInt32) {
    let whole = seconds.rounded(.down)
    return (UInt64(whole), UInt32((seconds - whole) * 1e9))
  }
}
