// swift-tools-version: 6.2

import Foundation
import PackageDescription

/// The layouts compiled into Statements, as they lie in its folder.
let profiles = try FileManager.default
  .contentsOfDirectory(atPath: Context.packageDirectory + "/Sources/Statements/Profiles")
  .filter { $0.hasSuffix(".yaml") }.sorted()

// Times the parts of the hot path one by one. A package of its own, so that nobody who builds cardrecon
// builds it; the rooms it times are the main package's, by symbolic link.
let package = Package(
  name: "micro",
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0"),
    .systemLibrary(name: "CLibZip", pkgConfig: "libzip"),
    .target(name: "Columns"),
    .target(
      name: "Files", dependencies: [.product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "Payments", dependencies: ["Columns"]),
    .target(name: "CDelimiters"),
    .target(
      name: "Statements",
      dependencies: [
        "Columns", "Files", "Payments", "CDelimiters", "CLibXML2", "CLibZip",
        .product(name: "Yams", package: "Yams"),
      ],
      resources: profiles.map { .embedInCode("Profiles/\($0)") }),
    .target(name: "Reconciliation", dependencies: ["Columns", "Payments"]),
    .target(
      name: "History",
      dependencies: [
        "Columns", "Files", "Payments",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .executableTarget(
      name: "micro",
      dependencies: [
        "Columns", "Payments", "CDelimiters", "CLibXML2", "Statements", "Reconciliation", "History",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
