import { Page } from '../../components/page.tsx';

export default function ComputersPage() {
  return <Page title="Computers">{null}</Page>;
}
