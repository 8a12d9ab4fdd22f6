internal import PageTables
internal import VCM

/// Page tables as JSON.
///
/// Addresses and raw entries are strings, because JSON's numbers do not hold 64 bits. Tables and entries stand on lines of
/// their own that are filled up with spaces to one length, so that a read at any offset costs what it returns.
enum TableJSON {
  /// The schema's version: rises when a member goes or changes its meaning.
  static let schema = 1

  /// The length of the text, from the counts that the table keeps.
  static func length(of association: Association, _ state: TreeState) -> UInt64 {
    let opening = UInt64(opening(of: association).utf8.count + middle.utf8.count + closing.utf8.count)
    guard let table = association.table else { return opening }
    let layout = state.layout(of: table)
    return opening + UInt64(table.tableCount + layout.rootStructures) * UInt64(tableLineLength)
      + UInt64(table.validEntryCount) * UInt64(entryLineLength(layout.bytesPerLine))
  }

  /// The text at this moment.
  static func content(of association: Association) -> any DumpContent {
    let opening = BytesContent(opening(of: association))
    guard let snapshot = association.table?.snapshot() else {
      return ComposedContent([opening, BytesContent(middle), BytesContent(closing)])
    }
    return ComposedContent([
      opening, tables(of: snapshot), BytesContent(middle), entries(of: snapshot), BytesContent(closing),
    ])
  }

  static let middle = "],\n\"entries\": [\n"
  static let closing = "]}\n"
  private static let tableLineLength = 160

  private static func entryLineLength(_ bytesPerLine: Int) -> Int { 320 + bytesPerLine }

  private static func opening(of association: Association) -> String {
    var members = [
      "\"schema\": \(schema)", "\"region\": \(string(association.region.name))",
      "\"device\": \(string(association.device.name))",
    ]
    if let table = association.table {
      members.append("\"format\": \(string(table.format.name))")
      members.append("\"addresses\": \(string(table.format.stage.words))")
      let root = table.root.lines.map { "\(string($0.key)): \(string($0.value))" }.joined(separator: ", ")
      members.append("\"root\": {\(root)}")
    } else {
      members.append("\"format\": \(association.device.formatName.map(string) ?? "null")")
      members.append("\"root\": null")
    }
    return "{" + members.joined(separator: ",\n") + ",\n\"tables\": [\n"
  }

  static func tables(of snapshot: PageTableSnapshot) -> LinesContent {
    let pages = snapshot.tablePages
    return LinesContent(lineCount: UInt64(pages.count), lineLength: tableLineLength) { first, body in
      for index in Int(clamping: first)..<max(Int(clamping: first), pages.count) {
        let page = pages[index]
        let line =
          "{\"address\": \"\(Print.address(page.physicalAddress))\", \"level\": \(string(page.levelName)), "
          + "\"bytes\": \(page.byteCount), \"offset\": \(page.offset)}"
        guard body(line + (index == pages.count - 1 ? "" : ",")) else { return }
      }
    }
  }

  static func entries(of snapshot: PageTableSnapshot) -> LinesContent {
    LinesContent(lineCount: snapshot.lineCount, lineLength: entryLineLength(snapshot.bytesPerLine)) {
      first, body in
      var number = first
      snapshot.forEachEntry(from: first) { entry in
        number += 1
        return body(text(of: entry) + (number == snapshot.lineCount ? "" : ","))
      }
    }
  }

  static func text(of entry: PageTableSnapshot.Entry) -> String {
    let kind =
      switch entry.kind {
      case .empty: "empty"
      case .table: "table"
      case .leaf: "leaf"
      case .reserved: "reserved"
      }
    return "{\"level\": \(string(entry.levelName)), \"index\": \(entry.index), "
      + "\"entry_address\": \"\(Print.address(entry.entryAddress))\", \"entry\": \"\(Print.address(entry.entry))\", "
      + "\"kind\": \"\(kind)\", \"device_address\": \"\(Print.address(entry.deviceAddress))\", "
      + "\"size\": \"\(entry.size)\", \"output_address\": \"\(Print.address(entry.outputAddress))\", "
      + "\"output_kind\": \"\(entry.outputKind)\", "
      + "\"attributes\": \(string(entry.words))}"
  }

  /// A string in JSON.
  static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      default:
        if scalar.value < 0x20 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
