public import Payments

extension StatusReport {
  /// As JSON (`cardrecon.status/1`).
  public static func renderJSON(_ grid: BookGrid, language: Language) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.field("schema", "cardrecon.status/1")
      json.field("lastRun", grid.lastRun?.description)
      json.array("days", of: grid.days) { json, day in json.element(day.description) }
      json.array("books", of: grid.rows) { json, row in
        json.object { json in
          json.field("book", row.book.name)
          json.array("days", of: Array(row.cells.indices)) { json, index in
            let cell = row.cells[index]
            json.object { json in
              json.field("day", grid.days[index].description)
              json.field("state", cell.mark.rawValue)
              json.field("due", row.due[index].description)
              json.array("files", of: cell.files) { json, name in json.element(name) }
              json.field("fault", cell.fault?.rawValue)
              json.field("acceptedBy", cell.who)
            }
          }
        }
      }
      json.array("toDo", of: grid.asks) { json, ask in
        json.object { json in
          json.field("day", ask.day.description)
          json.field("lastDay", ask.last.description)
          json.field("book", ask.cell.mark == .notRun ? nil : ask.book.name)
          json.field("state", ask.cell.mark.rawValue)
          json.field("due", ask.due.description)
          json.field("text", ask.sentence(language))
        }
      }
    }
    return json.finish()
  }
}
