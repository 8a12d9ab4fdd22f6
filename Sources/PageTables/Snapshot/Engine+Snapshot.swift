extension Engine {
  /// The encoded table as it is now.
  func snapshot() -> PageTableSnapshot {
    PageTableSnapshot(lineCount: 0, bytesPerLine: 1, columnHeader: "", tablePages: [])
  }
}
