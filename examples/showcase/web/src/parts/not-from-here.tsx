/** Says why the switches do nothing. */
export function NotFromHere() {
  return (
    <p className="not-here">
      The switches are for whoever sits at the machine that runs this, at <code>http://localhost</code>. You
      can watch.
    </p>
  );
}
