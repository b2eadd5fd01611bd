import { Page } from '../../components/page.tsx';

export default function NewScriptPage() {
  return <Page title="New script">{null}</Page>;
}
