/** Numbers, shares, dates, durations and sizes as the person's language writes them. */

import { language } from "../messages";

/** Returns a number with at most `digits` digits after the point: 12,480. */
export function formatNumber(n: number, digits = 3): string {
  return Number.isFinite(n) ? number({ maximumFractionDigits: digits }).format(n) : "–";
}

/** Returns a share of 0 to 1 as a percentage: 93.7%. */
export function formatPercent(share: number, digits = 1): string {
  if (!Number.isFinite(share)) {
    return "–";
  }
  const options = { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return number(options).format(share);
}

/** Returns a number with its noun: "1 row", "12,480 rows". */
export function formatCount(n: number, one: string, many: string): string {
  return `${formatNumber(n)} ${n === 1 ? one : many}`;
}

/** Returns a duration by its two largest units: "2 min 5 s", "1 h 4 min". */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) {
    return "–";
  }
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) {
    return minutes > 0 ? `${formatNumber(hours)} h ${minutes} min` : `${formatNumber(hours)} h`;
  }
  const rest = whole % 60;
  if (minutes > 0) {
    return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`;
  }
  return seconds > 0 && seconds < 1 ? "< 1 s" : `${rest} s`;
}

const SIZES = ["B", "kB", "MB", "GB", "TB"] as const;

/** Returns a size by its decimal unit, as file managers show it: "91 MB", "1.4 GB". */
export function formatBytes(n: number): string {
  if (!Number.isFinite(n) || n < 0) {
    return "–";
  }
  let [size, unit] = [n, 0];
  // 999.5 and above would be shown as 1,000 of the smaller unit.
  while (size >= 999.5 && unit < SIZES.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${formatNumber(size, unit > 0 && size < 9.95 ? 1 : 0)} ${SIZES[unit] ?? "B"}`;
}

/** Returns the day and time of an ISO 8601 date in the person's time zone: "23 Nov 2025, 10:48". */
export function formatDate(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : dates().format(date);
}

/**
 * Returns the tag for Intl: the system's where it speaks the app's language, so that en-GB writes dates its own way.
 */
export function locale(): string {
  const wanted = language();
  const system = navigator.language;
  // WebKitGTK can call itself "C", which makes Intl throw.
  return /^[a-z]{2}(-[A-Za-z0-9]{2,8})*$/.test(system) && system.startsWith(wanted) ? system : wanted;
}

// Making a formatter costs more than using it a thousand times.
const numbers = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function number(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale() + JSON.stringify(options);
  const format = numbers.get(key) ?? new Intl.NumberFormat(locale(), options);
  numbers.set(key, format);
  return format;
}

function dates(): Intl.DateTimeFormat {
  const key = locale();
  const format = dateFormats.get(key) ?? new Intl.DateTimeFormat(key, { dateStyle: "medium", timeStyle: "short" });
  dateFormats.set(key, format);
  return format;
}
