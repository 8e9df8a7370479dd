// swift-tools-version: 6.2

import PackageDescription

// Five rooms around one hall: every room imports `Payments`, no room imports a sibling, and the
// `cardrecon` executable is the only place that knows them all.
let package = Package(
  name: "cardrecon",
  products: [
    .executable(name: "cardrecon", targets: ["cardrecon"]),
    .executable(name: "campus-simulator", targets: ["campus-simulator"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(
      name: "CLibZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev", "zlib1g-dev"])]),
    .systemLibrary(
      name: "CXlsxWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .target(name: "Columns"),
    .target(
      name: "Files",
      dependencies: [
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ]),
    .target(name: "Payments", dependencies: ["Columns"]),
    .target(name: "CDelimiters"),
    .target(
      name: "Statements",
      dependencies: [
        "Columns", "Files", "Payments", "CDelimiters", "CLibXML2", "CLibZip",
        .product(name: "Yams", package: "Yams"),
      ],
      resources: [
        .embedInCode("Profiles/abc-personal.yaml"),
        .embedInCode("Profiles/alipay-account.yaml"),
        .embedInCode("Profiles/alipay-personal.yaml"),
        .embedInCode("Profiles/alipay-personal-web.yaml"),
        .embedInCode("Profiles/alipay-summary.yaml"),
        .embedInCode("Profiles/alipay-trade.yaml"),
        .embedInCode("Profiles/bank-generic.yaml"),
        .embedInCode("Profiles/boc-corporate.yaml"),
        .embedInCode("Profiles/boc-personal.yaml"),
        .embedInCode("Profiles/bocom-corporate.yaml"),
        .embedInCode("Profiles/campus-transfer.yaml"),
        .embedInCode("Profiles/card-accounts.yaml"),
        .embedInCode("Profiles/card-ledger.yaml"),
        .embedInCode("Profiles/card-replacements.yaml"),
        .embedInCode("Profiles/ccb-6wy101.yaml"),
        .embedInCode("Profiles/ccb-corporate.yaml"),
        .embedInCode("Profiles/ccb-personal.yaml"),
        .embedInCode("Profiles/citic-credit.yaml"),
        .embedInCode("Profiles/cmb-corporate.yaml"),
        .embedInCode("Profiles/cmb-gettransinfo.yaml"),
        .embedInCode("Profiles/cmb-personal.yaml"),
        .embedInCode("Profiles/cmb-receipt.yaml"),
        .embedInCode("Profiles/hxsec-flow.yaml"),
        .embedInCode("Profiles/icbc-corporate.yaml"),
        .embedInCode("Profiles/icbc-corporate-voucher.yaml"),
        .embedInCode("Profiles/icbc-personal.yaml"),
        .embedInCode("Profiles/icbc-qhisd.yaml"),
        .embedInCode("Profiles/icbc-qpd.yaml"),
        .embedInCode("Profiles/ledger-mixed.yaml"),
        .embedInCode("Profiles/ledger-recharge-list.yaml"),
        .embedInCode("Profiles/ledger-two-stage.yaml"),
        .embedInCode("Profiles/synjones-ledger.yaml"),
        .embedInCode("Profiles/thu-ecard.yaml"),
        .embedInCode("Profiles/unionpay-portal.yaml"),
        .embedInCode("Profiles/unionpay-summary.yaml"),
        .embedInCode("Profiles/unionpay-zm.yaml"),
        .embedInCode("Profiles/unionpay-zme.yaml"),
        .embedInCode("Profiles/wechat-fundflow.yaml"),
        .embedInCode("Profiles/wechat-personal.yaml"),
        .embedInCode("Profiles/wechat-trade.yaml"),
      ]),
    .target(name: "Reconciliation", dependencies: ["Columns", "Payments"]),
    .target(
      name: "Reports",
      dependencies: [
        "Columns", "Payments", "CXlsxWriter",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      resources: [
        .embedInCode("report.schema.json"),
        .embedInCode("Pages/page.css"),
        .embedInCode("Pages/page.js"),
        .embedInCode("Pages/head.mustache"),
        .embedInCode("Pages/day.mustache"),
        .embedInCode("Pages/item.mustache"),
        .embedInCode("Pages/fact.mustache"),
        .embedInCode("Pages/flow.mustache"),
        .embedInCode("Pages/quote.mustache"),
        .embedInCode("Pages/index.mustache"),
        .embedInCode("Pages/case.mustache"),
        .embedInCode("Pages/month.mustache"),
        .embedInCode("Pages/change.mustache"),
      ]),
    .target(
      name: "History",
      dependencies: [
        "Columns", "Files", "Payments",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(
      name: "Runs",
      dependencies: [
        "Columns", "Files", "Payments", "Statements", "Reconciliation", "History", "Reports",
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(name: "CampusSimulator", dependencies: ["Payments", "CLibZip"]),
    .executableTarget(
      name: "cardrecon",
      dependencies: [
        "Columns", "Payments", "Statements", "History", "Reports", "Runs",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [.embedInCode("Resources/cardrecon.yaml")]),
    .executableTarget(
      name: "campus-simulator",
      dependencies: [
        "CampusSimulator",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "ColumnsTests", dependencies: ["Columns"]),
    .testTarget(name: "FilesTests", dependencies: ["Files"]),
    .testTarget(name: "PaymentsTests", dependencies: ["Columns", "Payments"]),
    .testTarget(
      name: "StatementsTests",
      dependencies: [
        "CDelimiters", "Columns", "Files", "Statements", "Payments", "CampusSimulator",
        "TestSupport",
      ]),
    .testTarget(
      name: "ReconciliationTests",
      dependencies: ["Columns", "Reconciliation", "Payments", "TestSupport"]),
    .testTarget(
      name: "ReportsTests", dependencies: ["Reports", "Payments", "Statements", "TestSupport"]),
    .testTarget(
      name: "HistoryTests",
      dependencies: [
        "Columns", "History", "Payments", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "RunsTests",
      dependencies: [
        "CampusSimulator", "Columns", "Runs", "History", "Payments", "Reports", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(name: "CampusSimulatorTests", dependencies: ["CampusSimulator", "Payments"]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "CLibZip", "CampusSimulator", "Payments", "Reports", "Statements", "TestSupport",
        "cardrecon",
        "campus-simulator",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
  ]
}
