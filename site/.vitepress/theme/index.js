// The theme without its fonts: those of the reader's system are used.
import Theme from "vitepress/theme-without-fonts";
import "./site.css";

// oxlint-disable-next-line import/no-default-export
export default Theme;
