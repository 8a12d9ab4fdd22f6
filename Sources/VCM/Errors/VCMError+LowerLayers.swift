internal import PageTables
internal import PhysicalMemory

extension VCMError {
  /// What an error of a page table means here.
  ///
  /// The one place where they are converted.
  init(_ error: PageTableError) {
    self.init(Code(error), error.sentence)
  }

  /// What an error of the physical memory means here.
  init(_ error: PhysicalMemoryError) {
    switch error {
    case .noWindows, .badWindow, .overlappingWindows, .noSegments: self.init(.invalidArgument, error.sentence)
    case .system: self.init(.outOfMemory, error.sentence)
    }
  }

  /// The same error with a sentence that begins with what was attempted.
  func attempting(_ attempt: String) -> VCMError {
    VCMError(code, "\(attempt): \(sentence)")
  }
}

extension VCMError.Code {
  fileprivate init(_ error: PageTableError) {
    self =
      switch error {
      case .inputTooWide, .outputTooWide, .outsideWindow, .tableOutOfReach: .addressTooWide
      case .misaligned: .misaligned
      case .badRange: .invalidLength
      case .overlap: .addressTaken
      case .notMapped, .splitsLeaf: .invalidAddress
      case .outOfTableMemory: .outOfTableMemory
      case .cannotExpress: .notExpressible
      case .badConfiguration: .invalidAttribute
      case .damaged, .rootOutsideMemory: .hardwareFailure
      }
  }
}
