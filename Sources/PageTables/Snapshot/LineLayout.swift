internal import CStores

/// The columns of a format's text lines: where each begins and how wide it is.
struct LineLayout {
  /// The width of the widest level name.
  let levelWidth: Int
  /// The hexadecimal digits of a slot.
  let slotDigits: Int
  /// The hexadecimal digits of the physical address of a slot.
  let entryAddressDigits: Int
  /// The hexadecimal digits of an entry.
  let entryDigits: Int
  /// The hexadecimal digits of a device address.
  let deviceDigits: Int
  /// The decimal digits of a size.
  let sizeWidth: Int
  /// The hexadecimal digits of an output address.
  let outputDigits: Int
  /// The width of the word for what the output address is of.
  let kindWidth = 5
  /// The width of the attributes.
  let wordsWidth: Int

  init<Format: PageTableFormat>(_ format: Format) {
    let levels = 0...format.topLevel
    let top = format.topLevel
    let inputBits = format.slotShift(top) + format.indexBits(top)
    let lastOffset: UInt64 = inputBits >= 64 ? .max : 1 << UInt64(inputBits) - 1
    // Tables may span more than a window at the top of 64 bits does.
    let lastAddress = format.deviceAddress(ofTableOffset: lastOffset)
    let wraps = lastAddress < format.deviceAddress(ofTableOffset: 0)
    let deviceBits = wraps ? 64 : 64 - lastAddress.leadingZeroBitCount
    var sizeLog2 = format.slotShift(top)
    var outputBits = format.tableAddressBits
    let attributes = try? format.leafAttributes(for: MappingAttributes())
    for level in levels {
      let sizes = format.leafSizes(level)
      for size in 0..<64 where sizes >> UInt64(size) & 1 != 0 {
        sizeLog2 = max(sizeLog2, size)
        outputBits = max(outputBits, format.outputBits(sizeLog2: size))
        guard let attributes else { continue }
        let template = format.leafTemplate(level: level, sizeLog2: size, attributes: attributes)
        outputBits = max(outputBits, Self.readableBits(format, template, level))
      }
    }
    levelWidth = max(levels.map { format.levelName($0).utf8CodeUnitCount }.max() ?? 0, 5)
    slotDigits = max((levels.map { format.indexBits($0) }.max() ?? 0) + 3, 4) / 4
    entryAddressDigits = Self.digits(format.tableAddressBits)
    entryDigits = MemoryLayout<Format.Word>.size * 2
    deviceDigits = Self.digits(deviceBits)
    sizeWidth = max("\(UInt64(1) << UInt64(sizeLog2))".utf8.count, 4)
    outputDigits = Self.digits(outputBits)
    wordsWidth = max(Format.wordsWidth, 24)
  }

  /// The bits of the widest output address that a leaf can hold, whoever wrote it: more than we write in some formats.
  private static func readableBits<Format: PageTableFormat>(
    _ format: Format, _ template: Format.Word, _ level: Int
  ) -> Int {
    (0..<Format.Word.bitWidth).reduce(0) { widest, bit in
      let entry = template | 1 << Format.Word(truncatingIfNeeded: bit)
      guard format.kind(of: entry, level: level) == .leaf else { return widest }
      return max(widest, 64 - format.outputAddress(of: entry, level: level).leadingZeroBitCount)
    }
  }

  private static func digits(_ bits: Int) -> Int { min(max((bits + 3) / 4, 8), 16) }

  // Each column is followed by one space; hexadecimal columns begin with 0x.
  var slotColumn: Int { levelWidth + 1 }
  var entryAddressColumn: Int { slotColumn + slotDigits + 3 }
  var entryColumn: Int { entryAddressColumn + entryAddressDigits + 3 }
  var deviceColumn: Int { entryColumn + entryDigits + 3 }
  var sizeColumn: Int { deviceColumn + deviceDigits + 3 }
  var outputColumn: Int { sizeColumn + sizeWidth + 1 }
  var kindColumn: Int { outputColumn + outputDigits + 3 }
  var wordsColumn: Int { kindColumn + kindWidth + 1 }
  /// The bytes of a line, its newline included.
  var bytesPerLine: Int { wordsColumn + wordsWidth + 1 }

  /// How many numbers a line has in hexadecimal: slot, address of the slot, entry, device address, output address.
  static let numberCount = 5
  /// Where they stand: behind their 0x.
  func placeNumbers(_ columns: UnsafeMutablePointer<hex_column>) {
    columns[0] = hex_column(offset: UInt32(slotColumn + 2), digits: UInt32(slotDigits))
    columns[1] = hex_column(offset: UInt32(entryAddressColumn + 2), digits: UInt32(entryAddressDigits))
    columns[2] = hex_column(offset: UInt32(entryColumn + 2), digits: UInt32(entryDigits))
    columns[3] = hex_column(offset: UInt32(deviceColumn + 2), digits: UInt32(deviceDigits))
    columns[4] = hex_column(offset: UInt32(outputColumn + 2), digits: UInt32(outputDigits))
  }

  /// The names of the columns.
  var header: String {
    TextCursor.string(capacity: bytesPerLine) { text in
      text.append("level")
      text.pad(to: slotColumn)
      text.append("slot")
      text.pad(to: entryAddressColumn)
      text.append("entry-at")
      text.pad(to: entryColumn)
      text.append("entry")
      text.pad(to: deviceColumn)
      text.append("device")
      text.pad(to: sizeColumn)
      text.append("size")
      text.pad(to: outputColumn)
      text.append("output")
      text.pad(to: kindColumn)
      text.append("kind")
      text.pad(to: wordsColumn)
      text.append("attributes")
    }
  }
}
