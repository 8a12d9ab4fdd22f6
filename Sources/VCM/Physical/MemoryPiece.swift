/// Consecutive bytes of a buffer that are consecutive in physical memory, too.
public struct MemoryPiece {
  /// The physical address of the first byte.
  public let physicalAddress: UInt64

  /// The number of bytes.
  public let length: UInt64

  /// The bytes; nil where no memory is behind the address, as with the registers of a device.
  public let pointer: UnsafeMutableRawPointer?

  /// Where the bytes lie in the memory file; nil where ``pointer`` is.
  public let fileOffset: UInt64?
}
