/// A name made of a letter and a number, as bytes, without a string.
struct NumberedName {
  /// The letter.
  var prefix: UInt8
  /// The number.
  var number: UInt32

  /// Calls `body` with the bytes of the name.
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 12) { buffer in
      var position = 12
      var rest = number
      repeat {
        position -= 1
        buffer[position] = 0x30 + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      position -= 1
      buffer[position] = prefix
      return body(UnsafeBufferPointer(rebasing: buffer[position...]))
    }
  }
}
