import ArgumentParser
import PageTables
import PhysicalMemory
import StateTree

/// `vcmfs decode`: shows the page table in an image of physical memory, and what is wrong in it.
struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Decodes a page table in an image of physical memory, and checks it.",
    usage: "vcmfs decode --format NAME --root ADDRESS [--memory FILE[:BASE]]... [OPTION...]",
    discussion: """
      Shows the entries of the table on standard output, in the lines of `pagetable`, and what is wrong with it on \
      standard error, a line for each problem. The image is only read: a crash dump, an emulator's memory, the memory \
      file of a mount.

      Sizes and addresses are decimal or 0x hex, with K, M, G, T.

      Exit status: 0 nothing is wrong in the table, 1 there are problems, 64 the command line is wrong, 65 the image \
      cannot be read or holds no such table, 74 the output cannot be written.
      """)

  @OptionGroup var arguments: DecodeArguments

  func run() throws {
    let request = try DecodeRequest(arguments)
    let progress = ProgressLine()
    let table = try request.read { step, done, total in progress.show(step, done, total) }
    progress.show("checking")
    let problems = table.problems(limit: request.limit)
    progress.clear()
    let output = OutputStream(descriptor: 1)
    switch request.output {
    case .nothing: Self.list(problems) { output.write($0 + "\n") }
    case .text:
      let dump = request.dump(of: table)
      progress.total = dump.byteCount
      dump.writeText { output.write($0, progress) }
    case .json:
      let dump = request.dump(of: table)
      dump.writeJSON(problems: problems) { output.write($0, progress) }
    }
    output.flush()
    progress.clear()
    if let failure = output.failure { throw failure }
    if case .text = request.output { Self.list(problems, StandardError.write) }
    guard problems.isEmpty else { throw ExitCode(ExitStatus.failure) }
  }

  /// A line for each problem, and their number.
  private static func list(_ problems: TableProblems, _ write: (String) -> Void) {
    guard !problems.isEmpty else { return }
    for problem in problems.problems { write(problem.line) }
    let counts = TableProblem.Kind.allCases.compactMap { kind in
      problems.counts[kind].map { "\($0) \(kind.rawValue)" }
    }
    write("\(problems.total) problem\(problems.total == 1 ? "" : "s"): \(counts.joined(separator: ", "))")
  }
}
