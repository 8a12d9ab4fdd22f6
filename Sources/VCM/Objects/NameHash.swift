/// The hash of a name: products of its words and secret numbers, folded (the mixing step of wyhash, Wang Yi, 2019).
///
/// The secrets are drawn when the process starts, so that nobody outside can choose names that collide.
enum NameHash {
  private static let first = UInt64.random(in: .min ... .max) | 1
  private static let second = UInt64.random(in: .min ... .max) | 1

  /// The hash of a name's bytes: never zero.
  static func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let bytes = UnsafeRawBufferPointer(name)
    let secret = second
    var state = first ^ UInt64(truncatingIfNeeded: bytes.count)
    var offset = 0
    while bytes.count &- offset >= 8 {
      state = mix(state ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), secret)
      offset &+= 8
    }
    var rest: UInt64 = 0
    while offset < bytes.count {
      rest = rest &<< 8 | UInt64(bytes[offset])
      offset &+= 1
    }
    state = mix(mix(state ^ rest, secret), state | 1)
    return max(UInt32(truncatingIfNeeded: state ^ state &>> 32), 1)
  }

  /// The hash of a number: never zero, and of each number its own, but that 1 stands for 0 too.
  @inline(__always)
  static func hash(_ number: UInt32) -> UInt32 {
    // Each step can be undone; the secrets are odd.
    var state = (number ^ UInt32(truncatingIfNeeded: first &>> 32)) &* UInt32(truncatingIfNeeded: first)
    state = (state ^ state &>> 16) &* UInt32(truncatingIfNeeded: second)
    state = (state ^ state &>> 15) &* UInt32(truncatingIfNeeded: second &>> 32 | 1)
    return max(state ^ state &>> 16, 1)
  }

  /// The two halves of a product, put together.
  @inline(__always)
  private static func mix(_ value: UInt64, _ factor: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: factor)
    return product.high ^ product.low
  }
}
