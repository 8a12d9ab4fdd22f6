import Foundation
import Testing

@testable import VCM

/// docs/CALLS.md names a test and a mounted case for every call, error, decision and bug of 2010: all of them exist, and
/// those of an error ask for it.
@Suite("docs/CALLS.md")
struct CallsDocumentTests {
  private let document: CallsDocument

  init() throws {
    document = try CallsDocument()
  }

  /// The calls of vcm.h and vcm.txt.
  private static let calls = """
    create create_one_to_one create_from_prebuilt clone get_start_addr get_len free reserve reserve_at unreserve
    get_vcm_from_res get_res_len set_res_attr get_res_attr get_num_res get_next_res res_copy get_min_page_size phys_alloc
    phys_free get_physmem_from_res get_memtype_of_physalloc map_phys_addr get_next_phys_addr get_cont_memtype_pa
    get_cont_memtype_len back unback assoc deassoc set_assoc_attr get_assoc_attr activate deactivate is_active create_bound
    free_bound reserve_from_bound get_bound_start_addr get_bound_len get_dev_addr get_res translate get_phys_num_res
    get_next_phys_res get_pgtbl_pa dev_addr_to_phys_addr hook hw_ver
    """

  @Test("every call has one row, in which every function of the engine exists")
  func allCalls() throws {
    let rows = try document.rows("Calls", columns: 5)
    let wanted = Self.calls.split(whereSeparator: \.isWhitespace).map { "vcm_\($0)" }
    #expect(rows.map { $0[0] }.sorted() == wanted.sorted())
    for row in rows {
      for name in row[1].split(separator: ",") {
        let name = name.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
        #expect(document.hasMember(name), "\(row[0]): there is no \(name)")
      }
    }
  }

  @Test(
    "every test and every mounted case exists",
    arguments: ["Calls", "Errors", "Decisions", "What was wrong in 2010"])
  func testsExist(section: String) throws {
    let rows = try document.rows(section, columns: ["Calls", "Errors"].contains(section) ? 5 : 4)
    #expect(rows.count >= 12)
    for row in rows {
      let (test, mounted) = (row[row.count - 2], row[row.count - 1])
      #expect(document.body(ofTest: test) != nil, "\(row[0]): there is no test \(test)")
      if mounted != "-" {
        #expect(document.text(ofCase: mounted) != nil, "\(row[0]): there is no case \(mounted)")
      }
    }
  }

  @Test("the test and the case of an error ask for it, and only known reasons leave out the case")
  func errorsAreAskedFor() throws {
    var withoutCase: [String] = []
    let numbers = Dictionary(VCMError.Code.allCases.map { ($0.symbol, $0.errno) }) { first, _ in first }
    for row in try document.rows("Errors", columns: 5) {
      let number = try #require(numbers[row[1]], "\(row[1]) is no errno of a code")
      let body = document.body(ofTest: row[3]) ?? ""
      let codes = VCMError.Code.allCases.filter { $0.errno == number }.map { ".\($0.rawValue)" }
      // By the number, by a code of it, or where the engine answers with nil by that.
      let asks =
        codes.contains { body.contains($0) } || body.contains(", \(number)") || body.contains("== nil")
      #expect(asks, "\(row[3]) does not ask for \(row[1]) of \(row[0])")
      if row[4] == "-" {
        withoutCase.append("\(row[0]) \(row[1])")
      } else {
        let text = document.text(ofCase: row[4]) ?? ""
        #expect(
          text.contains(row[1]) || text.contains("fault no active"),
          "\(row[4]) does not ask for \(row[1]) of \(row[0])")
      }
    }
    #expect(
      withoutCase == [
        "vcm_res_copy EINVAL", "vcm_get_physmem_from_res EINVAL", "vcm_unback EINVAL",
        "vcm_translate EFAULT",
      ])
  }
}

/// The page, and what it speaks of.
private struct CallsDocument {
  private let text: String
  private let root: URL
  private let sources: [String]
  private let tests: [String: String]

  init() throws {
    var root = URL(fileURLWithPath: #filePath)
    while !FileManager.default.fileExists(atPath: root.appendingPathComponent("Package.swift").path) {
      root.deleteLastPathComponent()
    }
    self.root = root
    text = try String(contentsOf: root.appendingPathComponent("docs/CALLS.md"), encoding: .utf8)
    sources = try Self.files(root.appendingPathComponent("Sources/VCM")).map(\.text)
    tests = Dictionary(
      try Self.files(root.appendingPathComponent("Tests/VCMTests")).map { ($0.name, $0.text) }
    ) { first, _ in first }
  }

  private static func files(_ directory: URL) throws -> [(name: String, text: String)] {
    let found = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
    return try (found?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }.map {
      ($0.deletingPathExtension().lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
    }
  }

  /// The cells of the table under a heading.
  func rows(_ heading: String, columns: Int) throws -> [[String]] {
    let lines = text.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: "## \(heading)"))
    let section = lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }
    let rows = section.filter { $0.hasPrefix("|") }.dropFirst(2).map { line in
      line.dropFirst().dropLast().components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    for row in rows { try #require(row.count == columns, "\(row)") }
    return Array(rows)
  }

  /// Whether `Type.member` is declared somewhere in the engine.
  func hasMember(_ name: String) -> Bool {
    let parts = name.components(separatedBy: ".")
    guard parts.count == 2 else { return false }
    return sources.contains { text in
      (text.contains("extension \(parts[0]) ") || text.contains("class \(parts[0]) "))
        && ["func \(parts[1])(", "var \(parts[1])", "let \(parts[1])"].contains { text.contains($0) }
    }
  }

  /// The text of `Suite.function`, if a file of that name has a test of that name.
  func body(ofTest name: String) -> String? {
    let parts = name.components(separatedBy: ".")
    guard parts.count == 2, let text = tests[parts[0]] else { return nil }
    let pieces = text.components(separatedBy: "@Test")
    return pieces.dropFirst().first { $0.contains("func \(parts[1])(") }
  }

  func text(ofCase name: String) -> String? {
    try? String(
      contentsOf: root.appendingPathComponent("Tests/MountTests/cases/\(name).sh"), encoding: .utf8)
  }
}
