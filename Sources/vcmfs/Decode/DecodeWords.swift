import Glibc
import PageTables
import PhysicalMemory
import StateTree

/// The words of `vcmfs decode`'s command line: numbers, images, and what a walker must be told.
enum DecodeWords {
  /// A size, an address or a count.
  static func number(_ text: some StringProtocol, _ what: String) throws(DecodeFailure) -> UInt64 {
    do throws(Number.Failure) {
      return try Number.parse(Substring(text))
    } catch {
      switch error {
      case .malformed:
        throw .usage(
          "\(what) \(Number.quoted(text)) is not a number: decimal or 0x hex, then K, M, G, T or nothing")
      case .tooLarge: throw .usage("\(what) \(Number.quoted(text)) does not fit in 64 bits")
      }
    }
  }

  /// `FILE[:BASE[@OFFSET[+SIZE]]]`; what stands behind the last colon belongs to the name unless it is such numbers.
  static func image(_ text: String) throws(DecodeFailure) -> MemoryImage {
    guard !text.isEmpty else { throw .usage("--memory needs the name of a file") }
    if let colon = text.lastIndex(of: ":"),
      let image = image(text[..<colon], text[text.index(after: colon)...])
    {
      return image
    }
    return MemoryImage(path: path(text[...]))
  }

  private static func image(_ name: Substring, _ place: Substring) -> MemoryImage? {
    guard !name.isEmpty else { return nil }
    let parts = place.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let base = try? Number.parse(parts[0]) else { return nil }
    guard parts.count > 1 else { return MemoryImage(path: path(name), base: base) }
    let extent = parts[1].split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    guard let offset = try? Number.parse(extent[0]) else { return nil }
    guard extent.count > 1 else { return MemoryImage(path: path(name), base: base, fileOffset: offset) }
    guard let size = try? Number.parse(extent[1]) else { return nil }
    return MemoryImage(path: path(name), base: base, fileOffset: offset, byteCount: size)
  }

  private static func path(_ name: Substring) -> String { name == "-" ? "/dev/stdin" : String(name) }

  /// What the walker is told, as far as the format takes it.
  static func configuration(
    _ arguments: DecodeArguments, _ format: any FormatEntry
  ) throws(DecodeFailure) -> TableConfiguration {
    var configuration = TableConfiguration()
    if let text = arguments.levels { configuration.levels = Int(clamping: try number(text, "--levels")) }
    if let text = arguments.granule {
      let size = try number(text, "--granule")
      guard size.nonzeroBitCount == 1 else {
        throw .usage("--granule \(Number.quoted(text)) is not a power of two such as 4K")
      }
      configuration.granuleLog2 = size.trailingZeroBitCount
    }
    if let text = arguments.window { configuration.window = try window(text) }
    if let text = arguments.split { configuration.split = Int(clamping: try number(text, "--split")) }
    switch arguments.base {
    case nil, "low": break
    case "high": configuration.base = .high
    case let text?: throw .usage("--base \(Number.quoted(text)) is not low or high")
    }
    if let text = arguments.inputBits {
      let bits = Int(clamping: try number(text, "--input-bits"))
      configuration = try chosen(configuration, inputBits: bits, format)
    }
    do {
      _ = try format.description(for: configuration)
    } catch {
      throw .usage(error.sentence)
    }
    return configuration
  }

  private static func window(_ text: String) throws(DecodeFailure) -> TableConfiguration.Window {
    let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw .usage("--window \(Number.quoted(text)) is not BASE+SIZE, such as 0x40000000+128M")
    }
    return TableConfiguration.Window(
      base: try number(parts[0], "the base of --window"), size: try number(parts[1], "the size of --window"))
  }

  /// The choice of levels, split or window with which a format's device addresses have some width.
  private static func chosen(
    _ configuration: TableConfiguration, inputBits bits: Int, _ format: any FormatEntry
  ) throws(DecodeFailure) -> TableConfiguration {
    var candidates = [configuration]
    if configuration.levels == nil {
      candidates += (1...6).map { levels in
        var candidate = configuration
        candidate.levels = levels
        return candidate
      }
    }
    if configuration.split == 0 {
      candidates += [64, 32].map { width in
        var candidate = configuration
        candidate.split = width - bits
        return candidate
      }
    }
    for candidate in candidates where candidate.split >= 0 {
      if let width = try? format.description(for: candidate).inputBits, width == bits { return candidate }
    }
    throw .usage("format \(format.description.name) has no device addresses of \(bits) bits")
  }
}

extension PhysicalMemoryError {
  /// The sentence for an image, which has no errno that anybody else could tell.
  var readableSentence: String {
    switch self {
    case .system(let call, let path, let errno):
      "\(path): \(String(cString: strerror(errno))) (\(call))"
    default: sentence
    }
  }
}
