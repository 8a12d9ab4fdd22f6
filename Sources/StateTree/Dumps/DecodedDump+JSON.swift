package import PageTables

extension DecodedDump {
  /// Writes JSON of the shape of `pagetable.json`, with what is wrong behind the entries.
  ///
  /// `region` and `device` are null; of runs there is `runs` in place of `entries`.
  package func writeJSON(problems: TableProblems, to sink: Sink) {
    let tables = TableJSON.tables(of: table.snapshot)
    guard Self.write(opening, to: sink), Self.write(tables, to: sink) else { return }
    let isWhole: Bool
    switch detail {
    case .entries:
      guard Self.write(TableJSON.middle, to: sink) else { return }
      isWhole =
        range == nil ? Self.write(TableJSON.entries(of: table.snapshot), to: sink) : writeEntries(to: sink)
    case .runs:
      guard Self.write("],\n\"runs\": [\n", to: sink) else { return }
      isWhole = writeRuns(to: sink)
    }
    guard isWhole else { return }
    let counts = TableProblem.Kind.allCases.compactMap { kind in
      problems.counts[kind].map { "\(TableJSON.string(kind.rawValue)): \($0)" }
    }
    let list = problems.problems.map(Self.text(of:)).joined(separator: ",\n")
    _ = Self.write(
      "],\n\"problem_counts\": {\(counts.joined(separator: ", "))},\n\"problems\": [\n\(list)\n]}\n", to: sink
    )
  }

  private var opening: String {
    let root = table.root.lines.map { "\(TableJSON.string($0.key)): \(TableJSON.string($0.value))" }
    let members = [
      "\"schema\": \(TableJSON.schema)", "\"region\": null", "\"device\": null",
      "\"format\": \(TableJSON.string(table.format.name))", "\"root\": {\(root.joined(separator: ", "))}",
    ]
    return "{" + members.joined(separator: ",\n") + ",\n\"tables\": [\n"
  }

  private func writeEntries(to sink: Sink) -> Bool {
    var isWanted = true
    var isFirst = true
    table.snapshot.forEachEntry(within: addresses) { entry in
      isWanted = Self.write((isFirst ? "" : ",\n") + TableJSON.text(of: entry), to: sink)
      isFirst = false
      return isWanted
    }
    return isWanted && Self.write("\n", to: sink)
  }

  private func writeRuns(to sink: Sink) -> Bool {
    var isWanted = true
    var isFirst = true
    table.forEachRun(within: addresses) { run in
      let text =
        "{\"device_address\": \"\(Print.address(run.deviceAddress))\", \"last\": \"\(Print.address(run.last))\", "
        + "\"output_address\": \"\(Print.address(run.outputAddress))\", \"pages\": \(run.pageCount), "
        + "\"attributes\": \(TableJSON.string(run.words))}"
      isWanted = Self.write((isFirst ? "" : ",\n") + text, to: sink)
      isFirst = false
      return isWanted
    }
    return isWanted && Self.write("\n", to: sink)
  }

  private static func text(of problem: TableProblem) -> String {
    var members = ["\"kind\": \(TableJSON.string(problem.kind.rawValue))"]
    if let place = problem.place {
      members += [
        "\"level\": \(TableJSON.string(place.levelName))", "\"index\": \(place.slot)",
        "\"entry_address\": \"\(Print.address(place.entryAddress))\"",
        "\"entry\": \"\(Print.address(place.entry))\"",
        "\"device_address\": \"\(Print.address(place.deviceAddress))\"",
      ]
    }
    members.append("\"sentence\": \(TableJSON.string(problem.sentence))")
    return "{\(members.joined(separator: ", "))}"
  }

  /// Hands a content to a sink; false if the sink has had enough.
  private static func write(_ content: any DumpContent, to sink: Sink) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
      var offset: UInt64 = 0
      while offset < content.length {
        let count = content.read(at: offset, into: buffer)
        guard count > 0 else { return true }
        guard sink(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return false }
        offset &+= UInt64(count)
      }
      return true
    }
  }
}
