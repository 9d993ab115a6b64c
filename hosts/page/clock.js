// A virtual clock. Time stops while the server works, and jumps to the next event when the server waits.

/** The world is at rest: nothing will ever happen any more. Thrown out of the server, and so its end. */
export class AtRest extends Error {}

/** More happened than a page should wait for. */
export class TooMuch extends Error {}

/** How often the server may wait, and how long in all, before a run is given up. */
const MOST_WAITS = 200_000;
const MOST_TIME = 3_600_000_000_000n;
/** So long after the last thing that happened, the server only looks at its clock now and then. */
const REST = 600_000_000_000n;

export const milliseconds = number => BigInt(Math.round(number * 1e6));

export class Clock {
  constructor() {
    /** Nanoseconds since the world began. */
    this.now = 0n;
    this.events = [];
    this.waits = 0;
    /** When something happened last. */
    this.happened = 0n;
  }

  /** Milliseconds since the world began. */
  get elapsed() {
    return Number(this.now) / 1e6;
  }

  /** Has something happen at a time; things of the same time happen in the order in which they were asked for. */
  at(time, happen) {
    const behind = this.events.findIndex(event => event.time > time);
    this.events.splice(behind < 0 ? this.events.length : behind, 0, { time, happen });
  }

  /** Lets time pass until one of these pollables is ready. */
  wait(pollables) {
    if (++this.waits > MOST_WAITS) throw new TooMuch();
    this.happen();
    while (!pollables.some(each => each.ready())) {
      const times = pollables.map(each => each.deadline).filter(time => time !== undefined);
      if (this.events.length) times.push(this.events[0].time);
      if (!times.length || (!this.events.length && this.now > this.happened + REST)) throw new AtRest();
      this.now = times.reduce((a, b) => (a < b ? a : b));
      if (this.now > MOST_TIME) throw new TooMuch();
      this.happen();
    }
  }

  /** Has everything happen whose time has come. */
  happen() {
    while (this.events[0]?.time <= this.now) {
      this.happened = this.now;
      this.events.shift().happen();
    }
  }

  /** A pollable that is ready when a condition holds. */
  when(ready) {
    return new Pollable(this, ready);
  }

  /** A pollable that is ready from a time on. */
  from(time) {
    return new Pollable(this, () => this.now >= time, time);
  }
}

/** `wasi:io/poll.pollable`. */
export class Pollable {
  constructor(clock, ready, deadline) {
    Object.assign(this, { clock, ready, deadline });
  }

  block() {
    this.clock.wait([this]);
  }
}
