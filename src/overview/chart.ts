/** What is drawn: for each day a value of each series, none of them below zero. */
export type Series = { name: string; style: string; values: number[] };

export type Bar = { style: string; x: number; y: number; width: number; height: number };

/** A day of the chart: where it stands, and what is said of it. */
export type Slot = { x: number; width: number; title: string };

export type Chart = {
  id: string;
  title: string;
  bars: Bar[];
  slots: Slot[];
  /** What the lines at the top and in the middle stand for. */
  scale: { top: string; middle: string };
  /** The first day, the one in the middle, and the last. */
  ends: [string, string, string];
  legend: { name: string; style: string; total: string }[];
};

export type Plan = {
  id: string;
  title: string;
  days: string[];
  series: Series[];
  /** A value as people read it, and one of the scale. */
  words(value: number): string;
  dayWords(day: string): string;
};

/** The drawing is so wide and high; it is stretched to its place. */
export const size = { width: 1000, height: 100 };
/** Of a day's place bars take so much. */
const filled = 0.76;
/** What is more than nothing can be seen. */
const leastHeight = 1.5;

/** The bars of a chart: each day has a place, each series its bar in it. */
export function chartOf({ id, title, days, series, words, dayWords }: Plan): Chart {
  const top = roundTop(Math.max(...series.flatMap(({ values }) => values), 0));
  const place = size.width / days.length;
  const width = (place * filled) / series.length;
  const bar = (value: number, day: number, index: number, style: string): Bar => {
    const height = Math.max((value / top) * size.height, leastHeight);
    const x = day * place + (place * (1 - filled)) / 2 + index * width;
    return { style, x: rounded(x), y: rounded(size.height - height), width: rounded(width), height: rounded(height) };
  };
  const bars = series.flatMap(({ style, values }, index) =>
    values.flatMap((value, day) => (value > 0 ? [bar(value, day, index, style)] : [])),
  );
  const said = (day: number) => series.map(({ name, values }) => `${name}: ${words(values[day] ?? 0)}`).join('; ');
  const slots = days.map((day, index) => ({
    x: rounded(index * place),
    width: rounded(place),
    title: `${dayWords(day)}. ${said(index)}`,
  }));
  const at = (index: number) => dayWords(days[index] ?? '');
  return {
    id,
    title,
    bars,
    slots,
    scale: { top: words(top), middle: words(top / 2) },
    ends: [at(0), at(Math.floor((days.length - 1) / 2)), at(days.length - 1)],
    legend: series.map(({ name, style, values }) => ({
      name,
      style,
      total: words(values.reduce((sum, value) => sum + value, 0)),
    })),
  };
}

/** The next of 2, 4, 10, 20, 40, 100 and so on: also the half of it is a whole number. */
export function roundTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  const factor = [2, 4, 10].find((one) => one * power >= value) ?? 10;
  return factor * power;
}

const rounded = (value: number) => Math.round(value * 100) / 100;
