import StateTree
import VCM
import Yams

/// The YAML text that describes a machine, and how it becomes a ``Platform``.
///
/// ```yaml
/// name: video-soc
/// memory:
///   mt0:    {base: 0x80000000, size: 256M, chunks: [1M, 64K, 4K]}
///   tables: {base: 0x94000000, size: 64M, tables: true}
/// devices:
///   video_dec: {type: iommu, format: msm-smmu}
///   dma:       {type: one-to-one}
/// ```
/// Everything is checked before anything is mounted, and every mistake is reported with its line, all of them in one
/// run. Sizes and addresses are in the grammar of the tree's own files (decimal or 0x hex, K M G T ...). The order of
/// memory types (their priority) and of devices is the file's.
struct PlatformFile {
  /// The name that stands before the line number in a report.
  let path: String

  /// The names of the page-table formats that a device may have.
  let formats: [String]

  /// The longest file that is read: far above any machine's description, far below what could hurt.
  static let largestByteCount = 1 << 20

  /// Reads a file.
  ///
  /// - Throws: ``PlatformFileError`` with every mistake in it, or with the reason why it cannot be read.
  func read() throws(PlatformFileError) -> Platform {
    do {
      return try parse(FileContents.text(ofFileAt: path, limit: Self.largestByteCount))
    } catch let error as FileContents.Failure {
      throw PlatformFileError(path: path, problems: [PlatformProblem(line: nil, reason: error.reason)])
    } catch let error as PlatformFileError {
      throw error
    } catch {
      throw PlatformFileError(path: path, problems: [PlatformProblem(line: nil, reason: "\(error)")])
    }
  }

  /// Reads the text of a file.
  ///
  /// - Throws: ``PlatformFileError`` with every mistake in it, in the order of their lines.
  func parse(_ text: String) throws(PlatformFileError) -> Platform {
    let root: Node?
    do {
      try NestingLimit.check(text)
      root = try Parser(yaml: text, encoding: .utf8).singleRoot()
    } catch {
      throw PlatformFileError(path: path, problems: [PlatformProblem(error, in: text)])
    }
    var reader = PlatformReader(formats: formats)
    let platform = reader.platform(root)
    guard reader.problems.isEmpty, let platform else {
      throw PlatformFileError(
        path: path, problems: reader.problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
    }
    do throws(VCMError) {
      // What only the engine knows to be impossible.
      try platform.check()
    } catch {
      throw PlatformFileError(path: path, problems: [PlatformProblem(line: nil, reason: error.sentence)])
    }
    return platform
  }
}

/// One mistake in a platform file.
struct PlatformProblem: Equatable, Sendable {
  /// The line, from 1; nil if the whole file is meant.
  let line: Int?

  /// What is wrong there, with the value that was wrong.
  let reason: String
}

/// A platform file was refused.
struct PlatformFileError: Error, Equatable, CustomStringConvertible {
  /// The file's name as the user gave it.
  let path: String

  /// What is wrong with it, at least one, in the order of lines.
  let problems: [PlatformProblem]

  /// A line for each mistake: `FILE:LINE: reason`.
  var description: String {
    problems.map { problem in
      path + (problem.line.map { ":\($0)" } ?? "") + ": " + problem.reason
    }.joined(separator: "\n")
  }
}
