internal import CFuse
internal import Glibc

/// A moment: seconds and nanoseconds since 1970, UTC.
public struct Timestamp: Hashable, Sendable {
  /// Whole seconds; negative before 1970.
  public var seconds: Int64
  /// 0...999_999_999; a larger value is sent as the largest.
  public var nanoseconds: UInt32

  /// The moment `seconds` and `nanoseconds` after the start of 1970.
  @inlinable
  public init(seconds: Int64, nanoseconds: UInt32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// The present, by the real-time clock.
  public static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(time)
  }

  init(_ time: timespec) {
    seconds = Int64(time.tv_sec)
    nanoseconds = UInt32(clamping: time.tv_nsec)
  }

  var timespecValue: timespec {
    timespec(tv_sec: Int(seconds), tv_nsec: Int(min(nanoseconds, 999_999_999)))
  }
}
