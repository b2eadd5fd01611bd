import { seconds } from './time.wire.ts';

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

export const pendingFields = `${computerFields} createdAt`;

export const toPending = (computer: ComputerData & { readonly createdAt: string }) => ({
  id: computer.databaseId,
  title: computer.title,
  hostname: computer.hostname,
  creation_time: seconds(computer.createdAt),
  vm_info: null,
  container_info: null,
  client_tags: computer.tags,
  access_group: computer.accessGroup.name,
});
