import { Page } from '../../components/page.tsx';

export default function ScriptsPage() {
  return <Page title="Scripts">{null}</Page>;
}
