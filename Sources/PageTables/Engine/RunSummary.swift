extension Engine {
  /// What can be said of all runs at once, so that what is mostly right is looked at once.
  struct Summary {
    private var bits: UInt64 = 0
    private var total: UInt64 = 0
    private var highest: UInt64 = 0
    private var lowest: UInt64 = .max
    private var isBroken = false

    init(_ runs: UnsafeBufferPointer<OutputRun>) {
      for run in runs {
        let (sum, overflow) = total.addingReportingOverflow(run.length)
        let (last, passes) = run.physicalAddress.addingReportingOverflow(run.length &- 1)
        isBroken = isBroken || overflow || passes || run.length == 0
        total = sum
        bits |= run.physicalAddress | run.length
        highest = max(highest, last)
        lowest = min(lowest, run.physicalAddress)
      }
    }

    /// The sum of the lengths.
    ///
    /// - Throws: `badRange` for the first run that is empty, or with which the sum passes 2^64.
    func length(of runs: UnsafeBufferPointer<OutputRun>) throws(PageTableError) -> UInt64 {
      guard isBroken else { return total }
      var total: UInt64 = 0
      for run in runs {
        let (sum, overflow) = total.addingReportingOverflow(run.length)
        guard !overflow, run.length > 0 else {
          throw .badRange(start: run.physicalAddress, length: run.length)
        }
        total = sum
      }
      return total
    }

    /// Whether entries of every size can hold all of the runs, which are whole pages.
    func isPlain(_ format: Format) -> Bool {
      let narrowest = format.outputBits(sizeLog2: format.pageShift)
      return !isBroken && bits & (1 << UInt64(format.pageShift) - 1) == 0
        && (narrowest >= 64 || highest >> UInt64(narrowest) == 0) && lowest >= format.firstOutputAddress
    }
  }
}
