/** A role with its purpose. */
export interface DescribedRole {
  readonly name: string;
  readonly description: string;
}

/** The roles as choices, each with its purpose. */
export const roleOptions = (roles: readonly DescribedRole[]) =>
  roles.map(({ name, description }) => ({
    value: name,
    label: (
      <>
        {name} {description && <span className="u-text--muted p-text--small">{description}</span>}
      </>
    ),
  }));
