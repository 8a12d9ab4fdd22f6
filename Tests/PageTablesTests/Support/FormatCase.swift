import PageTables
import Testing

/// A format in one configuration: every test in Formats/ runs for each of these.
struct FormatCase: Sendable, CustomTestStringConvertible {
  let entry: any FormatEntry
  let configuration: TableConfiguration
  let label: String

  var name: String { entry.description.name }
  var testDescription: String { label }

  /// Every registered format as it is by default, and the configurations that change a format's shape.
  ///
  /// Formats that translate a window have a small one here: with their own, one table is megabytes.
  static let all: [FormatCase] = FormatRegistry.all.flatMap { entry in
    [
      FormatCase(
        entry: entry,
        configuration: legacyDefaults[entry.description.name] ?? socDefaults[entry.description.name]
          ?? TableConfiguration(),
        label: entry.description.name)
    ]
      + (variants[entry.description.name] ?? []).map {
        FormatCase(entry: entry, configuration: $0.1, label: "\(entry.description.name) \($0.0)")
      }
  }

  /// Every registered format as it is by default.
  static let defaults = all.filter { $0.label == $0.name }

  /// One seed for every case, and a second one for every default: other shapes share its code.
  static func seeded(_ first: UInt64, _ second: UInt64) -> [(format: FormatCase, seed: UInt64)] {
    all.map { ($0, first) } + defaults.map { ($0, second) }
  }

  private static let variants: [String: [(String, TableConfiguration)]] = [
    "intel-vtd": [2, 3, 5].map { (levels: Int) in ("levels=\(levels)", TableConfiguration(levels: levels)) }
      + [3, 4, 5].map { (levels: Int) in
        ("scalable levels=\(levels)", TableConfiguration(levels: levels, requester: 0x3A90, root: .scalable))
      },
    "intel-vtd-fs": [("levels=5", TableConfiguration(levels: 5, requester: 0x3A10))],
    "amd-v2": [("levels=5", TableConfiguration(levels: 5, requester: 0x3A10))],
    "s390-pci": [2, 4, 5].map { (levels: Int) in ("levels=\(levels)", TableConfiguration(levels: levels)) },
    "m68k-040": [("granule=8K", TableConfiguration(granuleLog2: 13))],
    "riscv-sv39": [
      ("device 8", TableConfiguration(root: .riscvIOMMU)),
      ("device 0x3a10", TableConfiguration(requester: 0x3A10, root: .riscvIOMMU)),
      ("device 0xfa10 extended", TableConfiguration(requester: 0xFA10, root: .riscvIOMMUExtended)),
    ],
    "riscv-sv32": [("device", TableConfiguration(requester: 0x100, root: .riscvIOMMU))],
    "riscv-sv32x4": [("device", TableConfiguration(root: .riscvIOMMUExtended))],
    "riscv-sv48x4": [("device", TableConfiguration(requester: 0x40, root: .riscvIOMMUExtended))],
    "riscv-sv57": [("device", TableConfiguration(root: .riscvIOMMU))],
    "x86-64": [("levels=5", TableConfiguration(levels: 5))],
    "msm-smmu": [
      ("low split=2", TableConfiguration(base: .low, split: 2)),
      ("high split=2", TableConfiguration(base: .high, split: 2)),
    ],
    "arm-v7s": [("high split=7", TableConfiguration(base: .high, split: 7))],
    "arm64-4k": [
      ("high split=16", TableConfiguration(base: .high, split: 16)),
      ("low split=39", TableConfiguration(split: 39)),
      ("stream 8", TableConfiguration(root: .smmuv3)),
      ("high stream 0x3a10", TableConfiguration(base: .high, split: 24, requester: 0x3A10, root: .smmuv3)),
    ],
    "arm64-4k-52": [
      ("high split=14", TableConfiguration(base: .high, split: 14)),
      ("low split=17", TableConfiguration(split: 17)),
      ("stream", TableConfiguration(root: .smmuv3)),
    ],
    "arm64-16k-52": [("high stream", TableConfiguration(base: .high, split: 20, root: .smmuv3))],
    "arm64-64k-52": [
      ("high split=12", TableConfiguration(base: .high, split: 12)),
      ("stream 0x100", TableConfiguration(requester: 0x100, root: .smmuv3)),
    ],
    "arm64-s2-4k-52": [14, 24].map { (split: Int) in ("split=\(split)", TableConfiguration(split: split)) },
    "arm64-s2-16k-52": [("stream split=15", TableConfiguration(split: 15, root: .smmuv3))],
    "arm64-s2-64k-52": [("stream", TableConfiguration(split: 16, requester: 0xFFFF, root: .smmuv3))],
    "arm64-16k": [
      ("high split=28", TableConfiguration(base: .high, split: 28)),
      ("high stream", TableConfiguration(base: .high, split: 20, root: .smmuv3)),
    ],
    "arm64-64k": [
      ("high split=22", TableConfiguration(base: .high, split: 22)),
      ("stream", TableConfiguration(split: 20, requester: 0xFF, root: .smmuv3)),
    ],
    "arm64-s2-4k": [24, 33].map { (split: Int) in ("split=\(split)", TableConfiguration(split: split)) },
    "arm64-s2-16k": [
      ("split=24", TableConfiguration(split: 24)),
      ("stream", TableConfiguration(split: 30, root: .smmuv3)),
    ],
    "arm64-s2-64k": [("split=18", TableConfiguration(split: 18))],
    "arm-lpae": [
      ("low split=1", TableConfiguration(split: 1)),
      ("high split=2", TableConfiguration(base: .high, split: 2)),
    ],
  ].merging(legacyVariants) { first, _ in first }.merging(socVariants) { first, _ in first }

  /// The format as configured.
  var description: FormatDescription {
    get throws { try entry.description(for: configuration) }
  }

  /// Whether the entries of a leaf of several slots each hold their own address, and are shown with it.
  var groupsAdvance: Bool { LongDescriptorDecoder.formats.contains(name) }

  /// Every wish that the format takes.
  var wishes: [MappingAttributes] {
    Self.allWishes.filter { wish in
      do {
        try entry.check(wish, configuration: configuration)
        return true
      } catch {
        return false
      }
    }
  }

  /// Every combination of attributes there is.
  static let allWishes: [MappingAttributes] = (0..<8 as Range<UInt8>).flatMap { access in
    MappingAttributes.Privilege.allCases.flatMap { privilege in
      MappingAttributes.CachePolicy.allCases.flatMap { cache in
        [false, true].map {
          MappingAttributes(
            access: MappingAttributes.Access(rawValue: access), privilege: privilege, isSecure: $0,
            cache: cache)
        }
      }
    }
  }

  /// The first device address that the format translates.
  var origin: UInt64 { configuration.window?.base ?? 0 }

  /// The bytes of device addresses that the format translates; 2^63 for the whole of 64 bits.
  var span: UInt64 {
    get throws {
      if let size = configuration.window?.size { return size }
      let bits = try description.inputBits
      return bits >= 64 ? 1 << 63 : 1 << UInt64(bits)
    }
  }

  /// Ranges of `length` bytes at both ends of what the format translates.
  func edges(_ length: UInt64) throws -> [UInt64] {
    let bits = UInt64(try description.inputBits)
    let top = bits >= 64 ? 0 : 1 << bits as UInt64
    let half = top / 2
    let split = bits <= 32 && configuration.split > 0 ? top >> UInt64(configuration.split) : 0
    let end = origin &+ (try span)
    let candidates = [
      0, 0 &- top, split, half &- length, half, top &- length, 0 &- length, split &- length, origin,
      end &- length,
    ]
    let legal = candidates.filter { start in
      do {
        try entry.checkRange(start: start, length: length, configuration: configuration)
        return true
      } catch {
        return false
      }
    }
    return Array(Set(legal)).sorted()
  }
}
