/** The tag of the console, with its name. */
export function Logo() {
  return (
    <span className="logo">
      <span className="logo__tag" aria-hidden="true">
        <svg viewBox="0 0 16 16" width="16" height="16" role="presentation">
          <path
            d="M3 4.500 6.500 8 3 11.500M8.500 11.500H13"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.8"
          />
        </svg>
      </span>
      <span className="logo__name is-fading-when-collapsed">Script profiles</span>
    </span>
  );
}
