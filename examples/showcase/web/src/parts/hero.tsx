import { FlowDrawing } from "./flow-drawing.tsx";

/** What this is, in a minute. */
export function Hero() {
  return (
    <header className="hero">
      <div className="hero-text">
        <p className="hero-brand">
          <img src="/icon.svg" alt="" aria-hidden="true" width="28" height="28" /> Livecache
        </p>
        <h1>Change it in one window. The others already know.</h1>
        <p className="hero-lead">
          Livecache is the cache and the live screens of a Node back end in one: after a write, a single call
          makes every server forget what is no longer true, and makes the right screens update. It goes on
          when Redis does not, and catches up by itself.
        </p>
        <ol className="hero-steps">
          <li>
            <span>
              <a href="#applications">Open two windows</a> as two people.
            </span>
          </li>
          <li>
            <span>
              <a href="#life">Make life happen</a> and watch.
            </span>
          </li>
          <li>
            <span>
              <a href="#stage">Take Redis away</a>, and give it back.
            </span>
          </li>
        </ol>
      </div>
      <FlowDrawing />
    </header>
  );
}
