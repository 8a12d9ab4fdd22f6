/// The page tables of 64-bit x86 processors with five levels (CR4.LA57): 57 bits of address, sign-extended.
struct X86LongLA57: X86LongFormat {
  static let name = "x86-64-la57"
  static let summary = "x86-64 processors: 5-level paging (LA57, 2019 on)"
  static let attributeLines = x86AttributeLines

  let levels = 5

  init() {}

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["levels"], format: Self.name)
    guard configuration.levels ?? levels == levels else {
      throw .badConfiguration(key: "levels", value: "\(configuration.levels ?? 0)", format: Self.name)
    }
  }
}
