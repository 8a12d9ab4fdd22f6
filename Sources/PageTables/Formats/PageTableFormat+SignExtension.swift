/// Device addresses whose bits above the input width repeat its highest bit, in formats that have it so.
///
/// The lower half of the root serves addresses from 0 up, the upper half those below 2^64.
extension PageTableFormat {
  /// The table offset of a device address; `nil` if its upper bits are not all the same.
  @inline(__always)
  func offset(ofSignExtended deviceAddress: UInt64) -> UInt64? {
    guard signExtended(deviceAddress) == deviceAddress else { return nil }
    let unused = UInt64(truncatingIfNeeded: 64 &- inputBits)
    return (deviceAddress &<< unused) &>> unused
  }

  /// The device address of a table offset.
  @inline(__always)
  func signExtended(_ offset: UInt64) -> UInt64 {
    let unused = UInt64(truncatingIfNeeded: 64 &- inputBits)
    return UInt64(
      bitPattern: Int64(bitPattern: offset &<< unused) &>> Int64(truncatingIfNeeded: unused))
  }
}
