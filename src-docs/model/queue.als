/*
 * Leases, their fence and the ledger, for any order of events: reports that come late, twice or
 * after the lease has expired, lines that are given back, lost, tried again or settled, and people
 * who have failures tried again. How to check it: README.md beside this file.
 */
module queue

open util/ordering[Seq] as seqs

sig Seq {}

enum Status { Fresh, Leased, Waiting, Succeeded, Failed }

sig Line { var status: one Status }

/* A row of the table "lease": it moves on in place, one sequence number a settle. */
sig Lease {
  var number: lone Seq, // none: the lease does not exist yet
  var held: set Line, // none: settled without new lines, or expired
  var kept: set Line, // of these: lines that had failed before, and so wait when they come back
  var latest: lone Report // the report that was counted last, for a repeat of it
}

/* What a worker says of the lines of one grant. It stays on its way for ever: a network may deliver
   it never, late, or any number of times. */
sig Report {
  lease: one Lease,
  at: one Seq,
  done: set Line,
  retrying: set Line,
  failing: set Line,
  back: set Line
} {
  disj[done, retrying, failing, back]
}

fun lines[r: Report]: set Line { r.done + r.retrying + r.failing + r.back }

one sig Server {
  var granted: Lease -> Seq -> Line, // every grant that ever went out: what workers may report on
  var counted: Line -> Report, // successes as they were counted
  var chosen: set Line, // whatever lines the step that comes next is about
  var counter: Status -> one Int // kept by adding and taking away, as the segments' counters are
}

/* With it, the server does without the fence: to see that the checks below would notice. */
lone sig NoFence {}

fun having[s: Status]: set Line { status.s }

/* The fence: the lease is held, and at the very sequence that the report is of. */
pred passes[r: Report] {
  no NoFence implies (some r.lease.held and r.at = r.lease.number)
}

pred add[fresh, leased, waiting, succeeded, failed: Int] {
  Server.counter' =
    Fresh -> plus[Server.counter[Fresh], fresh] + Leased -> plus[Server.counter[Leased], leased]
    + Waiting -> plus[Server.counter[Waiting], waiting]
    + Succeeded -> plus[Server.counter[Succeeded], succeeded]
    + Failed -> plus[Server.counter[Failed], failed]
}

pred othersStay[l: Lease] {
  all other: Lease - l |
    other.number' = other.number and other.held' = other.held and other.kept' = other.kept
    and other.latest' = other.latest
}

/* Lines to hand out next: all never tried or given back, or all of them retries. */
pred free[ls: set Line, was: Line -> Status] {
  ls in was.Fresh or ls in was.Waiting
}

pred init {
  all l: Line | l.status = Fresh
  all l: Lease | no l.number and no l.held and no l.kept and no l.latest
  no Server.granted
  no Server.counted
  Server.counter = Fresh -> (#Line) + (Status - Fresh) -> 0
}

pred openLease[l: Lease, ls: set Line] {
  no l.number
  some ls
  free[ls, status]
  let retry = ls & having[Waiting] {
    l.number' = first and l.held' = ls and l.kept' = retry and l.latest' = l.latest
    all line: Line | line.status' = (line in ls implies Leased else line.status)
    Server.granted' = Server.granted + l -> first -> ls
    Server.counted' = Server.counted
    add[negate[#(ls - retry)], #ls, negate[#retry], 0, 0]
  }
  othersStay[l]
}

/* Counts a report and hands out the next lines, in one transaction. */
pred settle[r: Report, more: set Line] {
  let l = r.lease {
    lines[r] = l.(Server.granted)[r.at] // a report names the lines of its grant, each once
    some lines[r]
    passes[r]
    some l.number.next
    let outcome = { line: Line, s: Status |
          line in r.done implies s = Succeeded
          else line in r.retrying implies s = Waiting
          else line in r.failing implies s = Failed
          else line in r.back implies s = (line in l.kept implies Waiting else Fresh)
          else s = line.status },
        backToWait = r.back & l.kept, backToFresh = r.back - l.kept {
      free[more, outcome]
      let retry = more & outcome.Waiting {
        l.number' = l.number.next and l.held' = more and l.kept' = retry and l.latest' = r
        all line: Line | line.status' = (line in more implies Leased else line.outcome)
        Server.granted' = Server.granted + l -> l.number.next -> more
        Server.counted' = Server.counted + r.done -> r
        add[minus[#backToFresh, #(more - retry)], minus[#more, #lines[r]],
          minus[plus[#r.retrying, #backToWait], #retry], #r.done, #r.failing]
      }
    }
    othersStay[l]
  }
}

/* The time of a lease is over: its lines go back, or one that was lost too often fails. */
pred expire[l: Lease, lost: set Line] {
  some l.held
  lost in l.held
  let back = l.held - lost {
    no l.held' and no l.kept' and l.number' = l.number and l.latest' = l.latest
    all line: Line | line.status' =
      (line in lost implies Failed
       else line in back implies (line in l.kept implies Waiting else Fresh) else line.status)
    Server.granted' = Server.granted
    Server.counted' = Server.counted
    add[#(back - l.kept), negate[#l.held], #(back & l.kept), 0, #lost]
  }
  othersStay[l]
}

/* A person has failures tried again. */
pred retryFailures[ls: set Line] {
  some ls
  ls in having[Failed]
  all line: Line | line.status' = (line in ls implies Waiting else line.status)
  Server.granted' = Server.granted
  Server.counted' = Server.counted
  add[0, 0, #ls, 0, negate[#ls]]
  othersStay[none]
}

/* A repeat, a report that is refused, a question without an answer: nothing changes. */
pred nothing {
  status' = status and number' = number and held' = held and kept' = kept and latest' = latest
  granted' = granted and counted' = counted and counter' = counter
}

fact histories {
  init
  always (
    nothing
    or (some l: Lease | openLease[l, Server.chosen])
    or (some r: Report | settle[r, Server.chosen])
    or (some l: Lease | expire[l, Server.chosen])
    or retryFailures[Server.chosen])
}

/* What must hold at every moment. */

pred ledgerIsTrue { all s: Status | Server.counter[s] = #having[s] }

pred ledgerAddsUp { (sum s: Status | Server.counter[s]) = #Line }

pred countedOnce { all line: Line | lone line.(Server.counted) }

pred successIsFinal { all line: Line | some line.(Server.counted) implies line.status = Succeeded }

pred heldOnce {
  all disj a, b: Lease | no a.held & b.held
  all line: Line | line.status = Leased iff some held.line
}

pred sound { ledgerIsTrue and ledgerAddsUp and countedOnce and successIsFinal and heldOnce }

/* A report that was counted is known for a repeat until the lease counts another one, and does not
   pass the fence again. */
pred repeatIsKnown { all l: Lease | some l.latest implies not (l.latest.at = l.number) }

check Sound { no NoFence implies always (sound and repeatIsKnown) }
  for 2 but 2 Report, 2 Lease, 2 Seq, 4 Int, 1..4 steps expect 0

check SoundForMoreLines { no NoFence implies always (sound and repeatIsKnown) }
  for 3 but 1 Report, 1 Lease, 2 Seq, 4 Int, 1..3 steps expect 0

/* Without the fence a late or repeated report is counted: the checker must find it. */
check WithoutFenceTheLedgerIsWrong { some NoFence implies always ledgerIsTrue }
  for 2 but 2 Report, 2 Lease, 3 Seq, 4 Int, 1..6 steps expect 1

check WithoutFenceALineCountsTwice { some NoFence implies always countedOnce }
  for 2 but 2 Report, 2 Lease, 3 Seq, 4 Int, 1..6 steps expect 1

/* And the model is not empty: a whole life of a line can happen. */
run AFailedLineSucceedsInTheEnd {
  no NoFence
  some line: Line |
    eventually (line.status = Failed and eventually line.status = Succeeded)
} for 2 but 3 Report, 2 Lease, 3 Seq, 4 Int, 1..8 steps expect 1
