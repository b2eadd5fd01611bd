import { Page } from '../../components/page.tsx';

export default function ComputerPage() {
  return <Page title="Computer">{null}</Page>;
}
