import Payments

/// What weak evidence makes of one set of leftovers that could belong together.
enum WeakOutcome {
  /// The only way to pair everybody.
  case paired([(payment: Int, credit: Int)])
  /// One pair, and rows that are one too many whichever is paired.
  case surplus(payment: Int, credit: Int, extraPayments: [Int], extraCredits: [Int])
  /// Several equally good ways.
  case ambiguous
}

/// Leftover payments and credits with an edge where one could have caused the other.
struct WeakGraph {
  /// Candidate credits of each payment, candidate payments of each credit (indices of leftovers).
  private(set) var creditsOf: [[Int]]
  private(set) var paymentsOf: [[Int]]

  init(payments: Int, credits: Int) {
    creditsOf = Array(repeating: [], count: payments)
    paymentsOf = Array(repeating: [], count: credits)
  }

  mutating func connect(payment: Int, credit: Int) {
    creditsOf[payment].append(credit)
    paymentsOf[credit].append(payment)
  }

  /// Connected components that hold both a payment and a credit, by their smallest payment.
  func components() -> [(payments: [Int], credits: [Int])] {
    var seenPayments = Set<Int>()
    var seenCredits = Set<Int>()
    var result: [(payments: [Int], credits: [Int])] = []
    for start in creditsOf.indices where !creditsOf[start].isEmpty {
      guard seenPayments.insert(start).inserted else { continue }
      var (payments, credits) = ([start], [Int]())
      var next = 0
      while next < payments.count {
        for credit in creditsOf[payments[next]] where seenCredits.insert(credit).inserted {
          credits.append(credit)
          for payment in paymentsOf[credit] where seenPayments.insert(payment).inserted {
            payments.append(payment)
          }
        }
        next += 1
      }
      result.append((payments.sorted(), credits.sorted()))
    }
    return result
  }

  /// The only way to pair every payment with a credit, or nil when there is none or more than one.
  ///
  /// A bipartite graph has exactly one perfect matching only if some node has a single
  /// candidate, and taking that pair away leaves such a graph again; so forced choices suffice.
  func onlyMatching(payments: [Int], credits: [Int]) -> [(payment: Int, credit: Int)]? {
    guard payments.count == credits.count else { return nil }
    var payments = Set(payments)
    var credits = Set(credits)
    var result: [(payment: Int, credit: Int)] = []
    while !payments.isEmpty {
      let forced =
        payments.lazy.compactMap { payment -> (Int, Int)? in
          let open = creditsOf[payment].filter(credits.contains)
          return open.count == 1 ? (payment, open[0]) : nil
        }.first
        ?? credits.lazy.compactMap { credit -> (Int, Int)? in
          let open = paymentsOf[credit].filter(payments.contains)
          return open.count == 1 ? (open[0], credit) : nil
        }.first
      guard let (payment, credit) = forced else { return nil }
      payments.remove(payment)
      credits.remove(credit)
      result.append((payment, credit))
    }
    return result.sorted { $0.payment < $1.payment }
  }
}

extension Judge {
  /// Which leftovers could have caused each other, by account, amount and time.
  mutating func weakGraph() -> WeakGraph {
    var graph = WeakGraph(payments: leftoverPayments.count, credits: leftoverCredits.count)
    var keyed: [(key: KeyHash, row: Int32)] = []
    for (index, leftover) in leftoverCredits.enumerated() where leftover.isWhole {
      let row = Int(leftover.row)
      let people = Set(
        [table.account[row], table.student[row]].filter { $0 != 0 }.map { persons.person($0) })
      for person in people {
        keyed.append((mixed(person, UInt64(bitPattern: leftover.fen)), Int32(index)))
      }
    }
    let index = KeyIndex(keyed)
    for (payment, leftover) in leftoverPayments.enumerated() where leftover.isWhole {
      let account = table.account[Int(leftover.row)]
      guard account != 0 else { continue }
      let key = mixed(persons.person(account), UInt64(bitPattern: leftover.fen))
      var candidates: [Int] = []
      index.forEach(key) { candidates.append(Int($0)) }
      for credit in candidates.sorted() where canCause(leftover, leftoverCredits[credit]) {
        graph.connect(payment: payment, credit: credit)
      }
    }
    return graph
  }

  private func canCause(_ payment: Leftover, _ credit: Leftover) -> Bool {
    let (paid, credited) = (time(payment.row), time(credit.row))
    return payment.fen == credit.fen && channel(payment.row).fits(channel(credit.row))
      && credited >= paid - rules.clockToleranceSeconds
      && credited <= deadline(payment.row)
  }

  /// Decides one component of the graph.
  func weigh(_ graph: WeakGraph, payments: [Int], credits: [Int]) -> WeakOutcome {
    if max(payments.count, credits.count) > Judge.largestGroup { return .ambiguous }
    if let pairs = graph.onlyMatching(payments: payments, credits: credits) {
      return .paired(pairs)
    }
    if credits.count == 1, isOneIntent(payments.map { leftoverPayments[$0].row }) {
      let nearest = nearestPair(payments, credits)
      return .surplus(
        payment: nearest.payment, credit: nearest.credit,
        extraPayments: payments.filter { $0 != nearest.payment }, extraCredits: [])
    }
    if payments.count == 1, isOneIntent(credits.map { leftoverCredits[$0].row }) {
      let nearest = nearestPair(payments, credits)
      return .surplus(
        payment: nearest.payment, credit: nearest.credit, extraPayments: [],
        extraCredits: credits.filter { $0 != nearest.credit })
    }
    return .ambiguous
  }

  private func isOneIntent(_ rows: [Int32]) -> Bool {
    let times = rows.map(time)
    guard let first = times.min(), let last = times.max() else { return false }
    return last - first <= rules.duplicateWindowSeconds
  }

  private func nearestPair(_ payments: [Int], _ credits: [Int]) -> (payment: Int, credit: Int) {
    var best = (payment: payments[0], credit: credits[0])
    for payment in payments {
      for credit in credits {
        let (p, c) = (leftoverPayments[payment].row, leftoverCredits[credit].row)
        let (bestP, bestC) = (leftoverPayments[best.payment].row, leftoverCredits[best.credit].row)
        let (distance, bestDistance) = (abs(time(p) - time(c)), abs(time(bestP) - time(bestC)))
        if distance < bestDistance
          || distance == bestDistance
            && (table.precedes(p, bestP) || p == bestP && table.precedes(c, bestC))
        {
          best = (payment, credit)
        }
      }
    }
    return best
  }
}
