export const computerFields = 'databaseId title hostname comment tags accessGroup { name }';

export interface ComputerData {
  readonly databaseId: number;
  readonly title: string;
  readonly hostname: string;
  readonly comment: string;
  readonly tags: readonly string[];
  readonly accessGroup: { readonly name: string };
}

export const toComputer = (computer: ComputerData) => ({
  id: computer.databaseId,
  title: computer.title,
  comment: computer.comment,
  hostname: computer.hostname,
  tags: computer.tags,
  access_group: computer.accessGroup.name,
});
