internal import CStores

/// What a renderer of lines writes to beside the caller's buffer; on the stack, where a piece of at most 1 KiB fits.
struct LineWorkspace {
  /// The most lines that are stored at once.
  static let lineLimit = 24

  /// The ready-made line, whose numbers are blank.
  let ready: UnsafeMutableRawPointer
  /// A line that the caller's buffer cuts.
  let cut: UnsafeMutableRawPointer
  /// The numbers of a batch of lines, line by line.
  let values: UnsafeMutablePointer<UInt64>
  /// Where they stand.
  let columns: UnsafeMutablePointer<hex_column>

  /// Calls `body` with a workspace for lines of a layout.
  static func with(_ layout: LineLayout, _ body: (LineWorkspace) -> Void) {
    let bytesPerLine = layout.bytesPerLine
    let count = LineLayout.numberCount
    withUnsafeTemporaryAllocation(byteCount: bytesPerLine * 2, alignment: 16) { lines in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count * lineLimit) { values in
        withUnsafeTemporaryAllocation(of: hex_column.self, capacity: count) { columns in
          // None of the three is empty, so each has an address.
          guard let line = lines.baseAddress, let values = values.baseAddress,
            let columns = columns.baseAddress
          else { return }
          layout.placeNumbers(columns)
          body(LineWorkspace(ready: line, cut: line + bytesPerLine, values: values, columns: columns))
        }
      }
    }
  }
}
