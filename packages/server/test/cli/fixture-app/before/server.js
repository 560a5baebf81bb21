import express from "express";

const items = ["Bread", "Milk"];
const app = express();
app.use(express.json());
app.use(express.static(process.env.PAGES ?? "dist"));

app.get("/api/items", (_req, res) => {
  res.json(items);
});

app.post("/api/items", async (req, res) => {
  items.push(String(req.body.name));
  res.status(201).json(items);
});

app.listen(process.env.PORT ?? 3000, function listening() {
  console.log(`ready http://localhost:${this.address().port}`);
});
