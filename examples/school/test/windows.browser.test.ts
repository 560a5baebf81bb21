import { openBrowser } from "@livecache/rig";
import { accessibilityFaults, tabTo } from "example-kit/testing/accessibility.ts";
import { openWindow } from "example-kit/testing/browser.ts";
import { startExample } from "example-kit/testing/example-process.ts";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

let browser: Browser;
let example: ExampleProcess;

const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: "dark" } as const;

beforeAll(async () => {
  const main = new URL("../dist/main.js", import.meta.url);
  [browser, example] = await Promise.all([openBrowser(), startExample(main, { DATA_DIR: "memory://" })]);
});

afterAll(() => Promise.all([browser?.close(), example?.kill()]));

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const open = (name: string, options = {}) => openWindow(browser, { url: example.url, name }, options);

test("a teacher takes attendance with the keyboard, and a parent's phone and the office see it without a reload", async () => {
  const [teacher, parent, office] = [
    await open("Hana Sato"),
    await open("Lena Lind", PHONE),
    await open("Miriam Okoye"),
  ];
  const ofOtto = parent.page.locator(".card", {
    has: parent.page.getByRole("heading", { name: "Otto Lind" }),
  });
  await ofOtto.getByText("Not yet taken").waitFor();
  expect(await accessibilityFaults(parent.page)).toEqual([]);
  expect(await accessibilityFaults(office.page)).toEqual([]);
  await tabTo(teacher.page, "Class 7A");
  await teacher.page.keyboard.press("Enter");
  await teacher.page.getByRole("group", { name: "Otto Lind" }).getByLabel("Absent").focus();
  await teacher.page.keyboard.press("Space");
  await ofOtto.getByText("Absent", { exact: true }).waitFor();
  await office.page.getByLabel("Notices").getByText("Hana Sato took attendance of 7A").waitFor();
  await parent.page.getByRole("button", { name: "Notifications, 1 unread" }).click();
  await parent.page.getByText("Otto Lind is absent today").waitFor();
  await parent.page.keyboard.press("Escape");
  await teacher.page.getByRole("button", { name: "All others are here" }).click();
  await office.page.getByText("14 present, 1 absent").waitFor();
  expect(await accessibilityFaults(teacher.page)).toEqual([]);
  for (const window of [teacher, parent, office]) {
    expect([window.faults, await window.isUntouched()]).toEqual([[], true]);
  }
});

test("parent and teacher write to each other: who is here, who types, what was said", async () => {
  const [teacher, parent] = [await open("Hana Sato"), await open("Lena Lind", PHONE)];
  await teacher.page.getByRole("link", { name: "About Otto Lind" }).click();
  await parent.page.getByRole("link", { name: "About Otto Lind" }).click();
  await teacher.page.getByText("Lena Lind is here now").waitFor();
  await parent.page.getByLabel("Your message").pressSequentially("Good morning!");
  await teacher.page.getByRole("status").getByText("Lena Lind is typing…").waitFor();
  await parent.page.keyboard.press("Enter");
  await teacher.page.getByLabel("Messages").getByText("Good morning!").waitFor();
  expect(await accessibilityFaults(teacher.page)).toEqual([]);
  expect(await accessibilityFaults(parent.page)).toEqual([]);
});

test("another role changes the open pages of whoever got it", async () => {
  const [office, teacher] = [await open("Miriam Okoye"), await open("Jonas Weber")];
  await teacher.page.getByRole("heading", { name: "Conversations" }).waitFor();
  await office.page.getByRole("link", { name: "People" }).click();
  const choice = office.page.getByRole("combobox", { name: "Role of Jonas Weber" });
  await choice.selectOption("Staff");
  await teacher.page.getByRole("heading", { name: "Buses home" }).waitFor();
  await teacher.page.getByLabel("Notices").getByText("Your role: Staff").waitFor();
  expect(await accessibilityFaults(office.page)).toEqual([]);
  await choice.selectOption("Teacher");
  await teacher.page.getByRole("heading", { name: "Conversations" }).waitFor();
  expect(await teacher.isUntouched()).toBe(true);
});

test("the caches are warmed, tried and told about; who signs out everywhere is out on every device", async () => {
  const desk = await open("Noor Rahman");
  const phone = await open("Noor Rahman", PHONE);
  expect(await accessibilityFaults(phone.page)).toEqual([]);
  await desk.page.getByRole("link", { name: "Caches" }).first().click();
  await desk.page.getByRole("button", { name: "Warm caches" }).click();
  await desk.page
    .getByRole("status")
    .getByText(/^\d+ answers warmed just now: /)
    .waitFor();
  await desk.page.getByRole("button", { name: "Run a test" }).click();
  await desk.page.getByText('"deleted"').waitFor();
  expect(await accessibilityFaults(desk.page)).toEqual([]);
  await phone.page.getByRole("link", { name: "Account" }).click();
  await phone.page.getByRole("button", { name: "Sign out everywhere" }).click();
  await phone.page.getByRole("button", { name: "Otto Lind" }).waitFor();
  await desk.page.getByRole("button", { name: "Otto Lind" }).waitFor();
  expect(await accessibilityFaults(desk.page)).toEqual([]);
});

test("a page goes on after its token has run out: the reload renews it", async () => {
  const { page } = await open("Otto Lind");
  await page.context().clearCookies({ name: "school_session" });
  await page.reload();
  await page.getByRole("heading", { name: "Hello, Otto" }).waitFor();
  await page.getByText("Mathematics").first().waitFor();
  await page.context().clearCookies({ name: "school_session" });
  // Without a reload: the first request that is refused renews it.
  await page.getByRole("link", { name: "Account" }).click();
  await page.getByRole("link", { name: "Today" }).click();
  await page.getByRole("heading", { name: "Timetable" }).waitFor();
});
