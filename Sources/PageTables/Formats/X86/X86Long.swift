/// The page tables of 64-bit x86 processors with four levels; five when the configuration says so.
struct X86Long: X86LongFormat {
  static let name = "x86-64"
  static let summary = "x86-64 processors: 4-level paging (5-level with levels = 5)"
  static let attributeLines = x86AttributeLines

  let levels: Int

  init() {
    levels = 4
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["levels"], format: Self.name)
    levels = configuration.levels ?? 4
    guard (4...5).contains(levels) else {
      throw .badConfiguration(key: "levels", value: "\(levels)", format: Self.name)
    }
  }
}
