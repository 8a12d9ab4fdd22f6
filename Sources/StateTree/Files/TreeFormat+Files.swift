internal import PageTables

private typealias Node = Declare<TreeFormat>

extension TreeFormat {
  /// `formats/<format>`.
  static let declarations = [
    Node.directory(
      "<format>", shows: [], help: "a page-table format",
      [
        Node.line("description", shows: [], help: "the hardware, and where it is found", isConstant: true) {
          format, _ in
          format.description.summary
        },
        Node.line("levels", shows: [], help: "the number of levels", isConstant: true) { format, _ in
          String(format.description.levels)
        },
        Node.line(
          "page_sizes", shows: [], help: "the sizes of pages in bytes, smallest first", isConstant: true
        ) { format, _ in
          Print.list(format.description.pageSizes.map(Print.length))
        },
        Node.line("input_bits", shows: [], help: "the width of a device address", isConstant: true) {
          format, _ in
          String(format.description.inputBits)
        },
        Node.line("output_bits", shows: [], help: "the width of a physical address", isConstant: true) {
          format, _ in
          String(format.description.outputBits)
        },
        Node.line("entry_bytes", shows: [], help: "the length of an entry", isConstant: true) { format, _ in
          String(format.description.entryByteCount)
        },
        Node.line(
          "endianness", shows: [], help: "little or big: the order of an entry's bytes", isConstant: true
        ) {
          format, _ in
          format.description.endianness.rawValue
        },
        Node.text(
          "attributes", shows: [], help: "what each attribute becomes, one line each", isConstant: true
        ) { format, _ in
          format.description.attributes.map { $0 + "\n" }.joined()
        },
      ])
  ]
}
