import { expect, test } from "vitest";
import { createExposition } from "./exposition.ts";
import { createHistogram } from "./histogram.ts";

test("samples are written with their labels, escaped as Prometheus has it", () => {
  const page = createExposition();
  page.counter("a_total", "Counts.", [
    [{}, 1],
    [{ pattern: 'say "hi"\\\n' }, 2],
  ]);
  page.gauge("b", "A gauge.", Number.POSITIVE_INFINITY);
  page.info("c_info", "A name.", { node: "n" });
  expect(page.text().split("\n")).toEqual([
    "# HELP a_total Counts.",
    "# TYPE a_total counter",
    "a_total 1",
    'a_total{pattern="say \\"hi\\"\\\\\\n"} 2',
    "# HELP b A gauge.",
    "# TYPE b gauge",
    "b +Inf",
    "# HELP c_info A name.",
    "# TYPE c_info gauge",
    'c_info{node="n"} 1',
    "",
  ]);
});

test("a histogram counts each bucket with those below it", () => {
  const histogram = createHistogram();
  for (const seconds of [0.0005, 0.0006, 0.1, 10, 11]) histogram.observe(seconds);
  const { buckets, sum } = histogram.read();
  const counts = Object.fromEntries(buckets);
  expect([counts["0.0005"], counts["0.001"], counts["0.05"], counts["0.1"]]).toEqual([1, 2, 2, 3]);
  expect([counts["5"], counts["10"], counts["+Inf"]]).toEqual([3, 4, 5]);
  expect(sum).toBeCloseTo(21.1011);
  const page = createExposition();
  page.histogram("h", "Seconds.", histogram);
  expect(page.text()).toMatch(/h_bucket\{le="\+Inf"\} 5\nh_sum 21\.10\d+\nh_count 5\n$/);
});
