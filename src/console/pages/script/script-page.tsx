import { Page } from '../../components/page.tsx';

export default function ScriptPage() {
  return <Page title="Script">{null}</Page>;
}
