internal import PhysicalMemory

extension Engine {
  /// Refuses an object that was removed.
  func requireLive(_ isLive: Bool, _ kind: String, _ name: @autoclosure () -> String) throws(VCMError) {
    guard isLive else { throw VCMError(.noSuchObject, "\(kind) '\(name())' is gone") }
  }

  /// Refuses tables of which a part is in no memory that a device could read.
  ///
  /// It stays so until the memory is made anew: what else was stored in the lost pages is not known.
  func requireMemory() throws(VCMError) {
    let count = memory.lostPageCount
    guard count == 0 else {
      throw VCMError(
        .hardwareFailure,
        "the memory file has lost \(count) pages that were stored to: it was made shorter, or its file system is full; "
          + "no table can be relied on until vcmfs is mounted anew")
    }
  }
}

extension VCMError {
  /// The error of a name that another object has.
  static func taken(_ name: String, _ kind: String) -> VCMError {
    VCMError(.nameTaken, "there is a \(kind) '\(ObjectName.printable(name))' already")
  }
}

extension UInt64 {
  /// Refuses a number that is not a multiple of another, and says which ones next to it are.
  func requireMultiple(of unit: UInt64, _ what: String) throws(VCMError) {
    guard self % unit != 0 else { return }
    let below = self - self % unit
    let above = below.addingReportingOverflow(unit)
    let right =
      below == 0 || above.overflow ? "\(above.overflow ? below : unit)" : "\(below) or \(above.partialValue)"
    throw VCMError(
      .invalidLength, "the \(what) \(self) is not a multiple of \(unit); \(right) would be right")
  }
}
