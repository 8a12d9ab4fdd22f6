import PageTables
import PhysicalMemory
import StateTree

/// What `vcmfs decode` is asked for, with every number read.
struct DecodeRequest {
  /// What goes to standard output.
  enum Output: Equatable {
    /// The dump as text.
    case text
    /// The dump and the problems as JSON.
    case json
    /// No dump.
    case nothing
  }

  let format: any FormatEntry
  let root: UInt64
  let images: [MemoryImage]
  let configuration: TableConfiguration
  let sparePage: UInt64?
  let range: ClosedRange<UInt64>?
  let detail: DecodedDump.Detail
  let output: Output
  let limit: Int

  /// Makes a request of a command line.
  ///
  /// - Throws: ``DecodeFailure`` with ``ExitStatus/usage``.
  init(_ arguments: DecodeArguments) throws(DecodeFailure) {
    guard let entry = FormatRegistry.named(arguments.format) else {
      throw .usage("the format \(Number.quoted(arguments.format)) is unknown; `vcmfs formats` lists all")
    }
    format = entry
    root = try DecodeWords.number(arguments.root, "--root")
    var images: [MemoryImage] = []
    for text in arguments.memory.isEmpty ? ["-"] : arguments.memory {
      images.append(try DecodeWords.image(text))
    }
    self.images = images
    configuration = try DecodeWords.configuration(arguments, entry)
    sparePage = try arguments.spare.map { text throws(DecodeFailure) in
      try DecodeWords.number(text, "--spare")
    }
    range = try Self.range(arguments)
    detail = arguments.runs ? .runs : .entries
    guard !(arguments.check && (arguments.json || arguments.runs)) else {
      throw .usage("--check shows problems only: it goes with neither --json nor --runs")
    }
    output = arguments.check ? .nothing : arguments.json ? .json : .text
    limit = Int(
      clamping: try arguments.limit.map { text throws(DecodeFailure) in
        try DecodeWords.number(text, "--limit")
      } ?? 100)
  }

  private static func range(_ arguments: DecodeArguments) throws(DecodeFailure) -> ClosedRange<UInt64>? {
    guard arguments.start != nil || arguments.last != nil else { return nil }
    var (start, last): (UInt64, UInt64) = (0, .max)
    if let text = arguments.start { start = try DecodeWords.number(text, "--start") }
    if let text = arguments.last { last = try DecodeWords.number(text, "--last") }
    guard start <= last else {
      throw .usage("--start \(arguments.start ?? "") is above --last \(arguments.last ?? "")")
    }
    return start...last
  }

  /// Reads the table.
  ///
  /// - Throws: ``DecodeFailure``: for an image that cannot be read, or a root outside of it, ``ExitStatus/badPlatform``.
  func read(
    onProgress: @escaping (DecodingOptions.Step, Int, Int?) -> Void
  ) throws(DecodeFailure) -> DecodedTable {
    let memory: PhysicalMemory
    do {
      memory = try PhysicalMemory(reading: images)
    } catch {
      throw .input(error.readableSentence)
    }
    do {
      return try format.decode(
        memory, rootAddress: root, configuration: configuration,
        options: DecodingOptions(sparePage: sparePage, onProgress: onProgress))
    } catch {
      switch error {
      case .rootOutsideMemory: throw .input(error.sentence)
      default: throw .usage(error.sentence)
      }
    }
  }

  /// The dump that is asked for.
  func dump(of table: DecodedTable) -> DecodedDump {
    DecodedDump(table, detail, within: range)
  }
}

/// Why a table cannot be decoded.
struct DecodeFailure: Complaint, Equatable {
  let sentence: String
  let exitStatus: Int32

  /// The command line is wrong.
  static func usage(_ sentence: String) -> DecodeFailure {
    DecodeFailure(sentence: "\(sentence) (see vcmfs decode --help)", exitStatus: ExitStatus.usage)
  }

  /// The image is.
  static func input(_ sentence: String) -> DecodeFailure {
    DecodeFailure(sentence: sentence, exitStatus: ExitStatus.badPlatform)
  }
}
