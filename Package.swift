// swift-tools-version: 6.2
import PackageDescription

/// The settings of every target.
///
/// Warnings are errors where CI is set, so that an editor's half-written line is not.
let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)])

let package = Package(
  name: "vcmfs",
  products: [
    .executable(name: "vcmfs", targets: ["vcmfs"]),
    .library(name: "VCM", targets: ["VCM"]),
    .library(name: "PageTables", targets: ["PageTables"]),
    .library(name: "PhysicalMemory", targets: ["PhysicalMemory"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(name: "CLostPages"),
    .target(name: "PhysicalMemory", dependencies: ["CLostPages"], swiftSettings: settings),
    .target(name: "CStores"),
    .target(name: "CPrefetch"),
    .target(name: "PageTables", dependencies: ["CStores", "PhysicalMemory"], swiftSettings: settings),
    .target(
      name: "VCM", dependencies: ["CPrefetch", "PageTables", "PhysicalMemory"], swiftSettings: settings),
    .target(
      name: "StateTree", dependencies: ["VCM", "PageTables", "PhysicalMemory"], swiftSettings: settings),
    .systemLibrary(name: "CFuse", pkgConfig: "fuse3", providers: [.apt(["libfuse3-dev", "fuse3"])]),
    .target(name: "FUSEKit", dependencies: ["CFuse"], swiftSettings: settings),
    .executableTarget(
      name: "vcmfs",
      dependencies: [
        "FUSEKit", "StateTree", "VCM", "PageTables", "PhysicalMemory", "Yams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(name: "TestSupport", dependencies: [], path: "Tests/TestSupport", swiftSettings: settings),
  ]
    + ["PhysicalMemory", "PageTables", "VCM", "StateTree", "FUSEKit", "vcmfs"].map { name in
      .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"],
        exclude: ["PageTables", "StateTree"].contains(name) ? ["Golden"] : [], swiftSettings: settings)
    }
)
